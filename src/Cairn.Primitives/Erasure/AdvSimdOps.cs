using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Cairn.Primitives.Erasure;

/// <summary>A multiplication is two table lookups: every 64-bit Arm processor.</summary>
internal readonly unsafe struct AdvSimdOps
    : IFieldOps<Vector128<byte>, NibblePair<Vector128<byte>>, NibblePair<Vector128<byte>>>
{
    public static bool IsSupported => AdvSimd.Arm64.IsSupported;

    public static string Name => "asimd";

    public static int Width => Vector128<byte>.Count;

    public static int TableSize => NibbleTables.Size;

    public static void WriteTable(byte coefficient, Span<byte> table) => NibbleTables.Write(coefficient, table);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NibblePair<Vector128<byte>> LoadFactor(byte* table) =>
        new(Vector128.Load(table), Vector128.Load(table + NibbleTables.HalfSize));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NibblePair<Vector128<byte>> Load(byte* source)
    {
        var value = Vector128.Load(source);
        return new(value & Vector128.Create((byte)0x0F), value >>> 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Multiply(NibblePair<Vector128<byte>> input, NibblePair<Vector128<byte>> factor) =>
        AdvSimd.Arm64.VectorTableLookup(factor.Low, input.Low) ^
        AdvSimd.Arm64.VectorTableLookup(factor.High, input.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Xor(Vector128<byte> left, Vector128<byte> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> value, byte* target) => value.Store(target);
}
