using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cairn.Primitives.Checksums.Lanes;

/// <summary>Eight messages on x86 processors of 2013 and later.</summary>
internal readonly unsafe struct Md5Avx2Ops : IMd5Ops<Vector256<uint>>
{
    public static bool IsSupported => Avx2.IsSupported;

    public static string Name => "avx2";

    public static int LaneCount => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Repeat(uint value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Load(uint* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<uint> value, uint* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> left, Vector256<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateLeft(Vector256<uint> value, [ConstantExpected] byte count) =>
        (value << count) | (value >>> (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Select(Vector256<uint> selector, Vector256<uint> ones, Vector256<uint> zeros) =>
        zeros ^ (selector & (ones ^ zeros));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddSelected(
        Vector256<uint> sum, Vector256<uint> selector, Vector256<uint> ones, Vector256<uint> zeros) =>
        sum + Vector256.AndNot(zeros, selector) + (ones & selector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> x, Vector256<uint> y, Vector256<uint> z) => x ^ (y ^ z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> XorOrNot(Vector256<uint> x, Vector256<uint> y, Vector256<uint> z) => y ^ (x | ~z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint>* Transpose(byte** blocks, nint offset, Vector256<uint>* scratch)
    {
        for (var quarter = 0; quarter < 4; quarter++, offset += 16)
        {
            var r0 = LoadRow(blocks, 0, offset);
            var r1 = LoadRow(blocks, 1, offset);
            var r2 = LoadRow(blocks, 2, offset);
            var r3 = LoadRow(blocks, 3, offset);
            var low01 = Avx2.UnpackLow(r0, r1).AsUInt64();
            var low23 = Avx2.UnpackLow(r2, r3).AsUInt64();
            var high01 = Avx2.UnpackHigh(r0, r1).AsUInt64();
            var high23 = Avx2.UnpackHigh(r2, r3).AsUInt64();
            scratch[4 * quarter] = Avx2.UnpackLow(low01, low23).AsUInt32();
            scratch[4 * quarter + 1] = Avx2.UnpackHigh(low01, low23).AsUInt32();
            scratch[4 * quarter + 2] = Avx2.UnpackLow(high01, high23).AsUInt32();
            scratch[4 * quarter + 3] = Avx2.UnpackHigh(high01, high23).AsUInt32();
        }

        return scratch;
    }

    // Unpacking works within 128 bits, so this order brings every message to its own lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> LoadRow(byte** blocks, int row, nint offset) => Vector256.Create(
        Vector128.Load((uint*)(blocks[row] + offset)), Vector128.Load((uint*)(blocks[row + 4] + offset)));
}
