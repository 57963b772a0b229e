using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cairn.Primitives.Checksums.Folding;

/// <summary>Four lanes at once: VPCLMULQDQ on 512-bit registers.</summary>
internal readonly unsafe struct Pclmul512Ops : ICarrylessOps<Vector512<ulong>>
{
    public static bool IsSupported => Pclmulqdq.V512.IsSupported && Avx512F.IsSupported;

    public static string Name => "vpclmulqdq+avx512";

    public static int Width => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Load(byte* source) => Vector512.Load((ulong*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<ulong> value, byte* target) => value.Store((ulong*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> First(ulong value) => Vector512.CreateScalar(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Repeat((ulong Low, ulong High) factors)
    {
        var half = Vector256.Create(Vector128.Create(factors.Low, factors.High), Vector128.Create(factors.Low, factors.High));
        return Vector512.Create(half, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> MultiplyAdd(Vector512<ulong> value, Vector512<ulong> factors, Vector512<ulong> addend) =>
        Pclmulqdq.V512.CarrylessMultiply(value, factors, 0x00) ^
        Pclmulqdq.V512.CarrylessMultiply(value, factors, 0x11) ^ addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> left, Vector512<ulong> right) => left ^ right;
}
