using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace Cairn.Primitives.Checksums.Folding;

/// <summary>One lane at a time: PMULL of the 64-bit Arm cryptographic extension.</summary>
internal readonly unsafe struct PmullOps : ICarrylessOps<Vector128<ulong>>
{
    public static bool IsSupported => ArmAes.IsSupported;

    public static string Name => "pmull";

    public static int Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Load(byte* source) => Vector128.Load((ulong*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<ulong> value, byte* target) => value.Store((ulong*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> First(ulong value) => Vector128.CreateScalar(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Repeat((ulong Low, ulong High) factors) =>
        Vector128.Create(factors.Low, factors.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> MultiplyAdd(Vector128<ulong> value, Vector128<ulong> factors, Vector128<ulong> addend) =>
        ArmAes.PolynomialMultiplyWideningLower(value.GetLower(), factors.GetLower()) ^
        ArmAes.PolynomialMultiplyWideningUpper(value, factors) ^ addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> left, Vector128<ulong> right) => left ^ right;
}
