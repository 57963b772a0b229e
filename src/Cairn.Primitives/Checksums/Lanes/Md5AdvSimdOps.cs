using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Cairn.Primitives.Checksums.Lanes;

/// <summary>Four messages on 64-bit Arm.</summary>
internal readonly unsafe struct Md5AdvSimdOps : IMd5Ops<Vector128<uint>>
{
    public static bool IsSupported => AdvSimd.Arm64.IsSupported;

    public static string Name => "asimd";

    public static int LaneCount => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Repeat(uint value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Load(uint* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<uint> value, uint* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> left, Vector128<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft(Vector128<uint> value, [ConstantExpected] byte count) =>
        (value << count) | (value >>> (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Select(Vector128<uint> selector, Vector128<uint> ones, Vector128<uint> zeros) =>
        Vector128.ConditionalSelect(selector, ones, zeros);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddSelected(
        Vector128<uint> sum, Vector128<uint> selector, Vector128<uint> ones, Vector128<uint> zeros) =>
        sum + Vector128.AndNot(zeros, selector) + (ones & selector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> x, Vector128<uint> y, Vector128<uint> z) => x ^ (y ^ z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> XorOrNot(Vector128<uint> x, Vector128<uint> y, Vector128<uint> z) => y ^ (x | ~z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint>* Transpose(byte** blocks, nint offset, Vector128<uint>* scratch)
    {
        for (var quarter = 0; quarter < 4; quarter++, offset += 16)
        {
            var r0 = Vector128.Load((uint*)(blocks[0] + offset));
            var r1 = Vector128.Load((uint*)(blocks[1] + offset));
            var r2 = Vector128.Load((uint*)(blocks[2] + offset));
            var r3 = Vector128.Load((uint*)(blocks[3] + offset));
            var low01 = AdvSimd.Arm64.ZipLow(r0, r1).AsUInt64();
            var low23 = AdvSimd.Arm64.ZipLow(r2, r3).AsUInt64();
            var high01 = AdvSimd.Arm64.ZipHigh(r0, r1).AsUInt64();
            var high23 = AdvSimd.Arm64.ZipHigh(r2, r3).AsUInt64();
            scratch[4 * quarter] = AdvSimd.Arm64.ZipLow(low01, low23).AsUInt32();
            scratch[4 * quarter + 1] = AdvSimd.Arm64.ZipHigh(low01, low23).AsUInt32();
            scratch[4 * quarter + 2] = AdvSimd.Arm64.ZipLow(high01, high23).AsUInt32();
            scratch[4 * quarter + 3] = AdvSimd.Arm64.ZipHigh(high01, high23).AsUInt32();
        }

        return scratch;
    }
}
