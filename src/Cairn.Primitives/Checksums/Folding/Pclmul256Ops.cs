using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cairn.Primitives.Checksums.Folding;

/// <summary>Two lanes at once: VPCLMULQDQ on 256-bit registers.</summary>
internal readonly unsafe struct Pclmul256Ops : ICarrylessOps<Vector256<ulong>>
{
    public static bool IsSupported => Pclmulqdq.V256.IsSupported && Avx2.IsSupported;

    public static string Name => "vpclmulqdq+avx2";

    public static int Width => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Load(byte* source) => Vector256.Load((ulong*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<ulong> value, byte* target) => value.Store((ulong*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> First(ulong value) => Vector256.CreateScalar(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Repeat((ulong Low, ulong High) factors)
    {
        var lane = Vector128.Create(factors.Low, factors.High);
        return Vector256.Create(lane, lane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> MultiplyAdd(Vector256<ulong> value, Vector256<ulong> factors, Vector256<ulong> addend) =>
        Pclmulqdq.V256.CarrylessMultiply(value, factors, 0x00) ^
        Pclmulqdq.V256.CarrylessMultiply(value, factors, 0x11) ^ addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> left, Vector256<ulong> right) => left ^ right;
}
