using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cairn.Primitives.Checksums.Lanes;

/// <summary>Sixteen messages: AVX-512 has rotation and every function of three words as one instruction.</summary>
internal readonly unsafe struct Md5Avx512Ops : IMd5Ops<Vector512<uint>>
{
    public static bool IsSupported => Avx512F.IsSupported;

    public static string Name => "avx512";

    public static int LaneCount => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Repeat(uint value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Load(uint* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<uint> value, uint* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> left, Vector512<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateLeft(Vector512<uint> value, [ConstantExpected] byte count) =>
        Avx512F.RotateLeft(value, count);

    // The third operand is the truth table: bit (x, y, z) of it is the result for these three bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Select(Vector512<uint> selector, Vector512<uint> ones, Vector512<uint> zeros) =>
        Avx512F.TernaryLogic(selector, ones, zeros, 0xCA);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddSelected(
        Vector512<uint> sum, Vector512<uint> selector, Vector512<uint> ones, Vector512<uint> zeros) =>
        sum + Select(selector, ones, zeros);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> x, Vector512<uint> y, Vector512<uint> z) =>
        Avx512F.TernaryLogic(x, y, z, 0x96);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> XorOrNot(Vector512<uint> x, Vector512<uint> y, Vector512<uint> z) =>
        Avx512F.TernaryLogic(x, y, z, 0x39);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint>* Transpose(byte** blocks, nint offset, Vector512<uint>* scratch)
    {
        for (var quarter = 0; quarter < 4; quarter++, offset += 16)
        {
            var r0 = LoadRow(blocks, 0, offset);
            var r1 = LoadRow(blocks, 1, offset);
            var r2 = LoadRow(blocks, 2, offset);
            var r3 = LoadRow(blocks, 3, offset);
            var low01 = Avx512F.UnpackLow(r0, r1).AsUInt64();
            var low23 = Avx512F.UnpackLow(r2, r3).AsUInt64();
            var high01 = Avx512F.UnpackHigh(r0, r1).AsUInt64();
            var high23 = Avx512F.UnpackHigh(r2, r3).AsUInt64();
            scratch[4 * quarter] = Avx512F.UnpackLow(low01, low23).AsUInt32();
            scratch[4 * quarter + 1] = Avx512F.UnpackHigh(low01, low23).AsUInt32();
            scratch[4 * quarter + 2] = Avx512F.UnpackLow(high01, high23).AsUInt32();
            scratch[4 * quarter + 3] = Avx512F.UnpackHigh(high01, high23).AsUInt32();
        }

        return scratch;
    }

    // Four words of messages row, row + 4, row + 8 and row + 12: unpacking works within 128 bits, so this order
    // brings every message to its own lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> LoadRow(byte** blocks, int row, nint offset) => Vector512.Create(
        Vector256.Create(Load128(blocks[row] + offset), Load128(blocks[row + 4] + offset)),
        Vector256.Create(Load128(blocks[row + 8] + offset), Load128(blocks[row + 12] + offset)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Load128(byte* source) => Vector128.Load((uint*)source);
}
