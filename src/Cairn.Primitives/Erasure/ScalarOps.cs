using System.Runtime.CompilerServices;

namespace Cairn.Primitives.Erasure;

/// <summary>A multiplication is two table lookups of one byte: runs everywhere.</summary>
internal readonly unsafe struct ScalarOps : IFieldOps<byte, NibblePair<byte>, nint>
{
    public static bool IsSupported => true;

    public static string Name => "scalar";

    public static int Width => 1;

    public static int TableSize => NibbleTables.Size;

    public static void WriteTable(byte coefficient, Span<byte> table) => NibbleTables.Write(coefficient, table);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint LoadFactor(byte* table) => (nint)table;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NibblePair<byte> Load(byte* source) => new((byte)(*source & 0x0F), (byte)(*source >> 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Multiply(NibblePair<byte> input, nint factor) =>
        (byte)(((byte*)factor)[input.Low] ^ ((byte*)factor)[NibbleTables.HalfSize + input.High]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Xor(byte left, byte right) => (byte)(left ^ right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte value, byte* target) => *target = value;
}
