using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cairn.Primitives.Checksums.Lanes;

/// <summary>One message in general registers.</summary>
internal readonly unsafe struct Md5ScalarOps : IMd5Ops<uint>
{
    public static bool IsSupported => true;

    public static string Name => "scalar";

    public static int LaneCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Repeat(uint value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Load(uint* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint value, uint* target) => *target = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Add(uint left, uint right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateLeft(uint value, [ConstantExpected] byte count) => BitOperations.RotateLeft(value, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Select(uint selector, uint ones, uint zeros) => zeros ^ (selector & (ones ^ zeros));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AddSelected(
        uint sum, uint selector, uint ones, uint zeros) =>
        sum + (zeros & ~selector) + (ones & selector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Xor(uint x, uint y, uint z) => x ^ (y ^ z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint XorOrNot(uint x, uint y, uint z) => y ^ (x | ~z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint* Transpose(byte** blocks, nint offset, uint* scratch) => (uint*)(blocks[0] + offset);
}
