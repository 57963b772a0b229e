using System.Runtime.InteropServices;

namespace Cairn.Benchmarks.Erasure;

/// <summary>Intel's erasure coding library, the reference of the field (Debian: libisal2).</summary>
internal static unsafe partial class IsaL
{
    private const string Library = "libisal.so.2";

    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    [LibraryImport(Library, EntryPoint = "ec_init_tables")]
    public static partial void InitTables(int dataShards, int rows, byte* coefficients, byte* tables);

    [LibraryImport(Library, EntryPoint = "ec_encode_data")]
    public static partial void Encode(int length, int dataShards, int rows, byte* tables, byte** sources, byte** targets);
}
