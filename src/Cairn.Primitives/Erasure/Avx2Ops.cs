using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cairn.Primitives.Erasure;

/// <summary>A multiplication is two byte shuffles: x86 processors of 2013 and later.</summary>
internal readonly unsafe struct Avx2Ops
    : IFieldOps<Vector256<byte>, NibblePair<Vector256<byte>>, NibblePair<Vector256<byte>>>
{
    public static bool IsSupported => Avx2.IsSupported;

    public static string Name => "avx2";

    public static int Width => Vector256<byte>.Count;

    public static int TableSize => NibbleTables.Size;

    public static void WriteTable(byte coefficient, Span<byte> table) => NibbleTables.Write(coefficient, table);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NibblePair<Vector256<byte>> LoadFactor(byte* table) => new(
        Avx2.BroadcastVector128ToVector256(table),
        Avx2.BroadcastVector128ToVector256(table + NibbleTables.HalfSize));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NibblePair<Vector256<byte>> Load(byte* source)
    {
        var mask = Vector256.Create((byte)0x0F);
        var value = Vector256.Load(source);
        return new(value & mask, (value.AsUInt16() >>> 4).AsByte() & mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Multiply(NibblePair<Vector256<byte>> input, NibblePair<Vector256<byte>> factor) =>
        Avx2.Shuffle(factor.Low, input.Low) ^ Avx2.Shuffle(factor.High, input.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Xor(Vector256<byte> left, Vector256<byte> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> value, byte* target) => value.Store(target);
}
