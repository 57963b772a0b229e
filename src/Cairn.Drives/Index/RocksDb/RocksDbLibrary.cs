using System.Reflection;
using System.Runtime.InteropServices;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>Finds RocksDB's shared library.</summary>
/// <remarks>
/// Purpose: distributions name the library after its release, and none of the releases breaks the part of the
/// interface that is used here. The folder of the executable comes first, so that a delivered build uses its own copy.
/// </remarks>
internal static class RocksDbLibrary
{
    public const string Name = "rocksdb";

    private static readonly string[] FileNames =
    [
        "librocksdb.so.7.8",
        "librocksdb.so.10",
        "librocksdb.so.9",
        "librocksdb.so.8",
        "librocksdb.so.7",
        "librocksdb.so",
        "librocksdb.dylib",
    ];

    private static readonly Lazy<nint> Handle = new(Find);

    /// <exception cref="Os.DriveIoException">No library is to be found.</exception>
    public static void Load() => _ = Handle.Value;

    private static nint Find()
    {
        foreach (string folder in (string[])[AppContext.BaseDirectory, string.Empty])
        {
            foreach (string file in FileNames)
            {
                if (NativeLibrary.TryLoad(Path.Combine(folder, file), out nint handle))
                {
                    NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Name ? handle : 0);
                    return handle;
                }
            }
        }

        throw new Os.DriveIoException(
            DriveFault.Io,
            "RocksDB's shared library was not found. Install it (Debian and Ubuntu: apt-get install librocksdb-dev), "
            + "or put librocksdb.so beside the executable.");
    }
}
