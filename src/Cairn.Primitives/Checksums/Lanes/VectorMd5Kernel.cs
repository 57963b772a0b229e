using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Cairn.Primitives.Checksums.Lanes;

/// <summary>The 64 steps of RFC 1321, written once for all instruction sets.</summary>
/// <remarks>Purpose: a single MD5 stream is one long chain of dependent operations and leaves most of the processor
/// idle; lanes put other messages into the gaps. The transposed words go through the stack, because sixteen of them
/// and the state do not fit into sixteen registers.</remarks>
internal sealed unsafe class VectorMd5Kernel<TOps, TVector> : Md5Kernel
    where TOps : struct, IMd5Ops<TVector>
    where TVector : unmanaged
{
    private const int WordsPerBlock = 16;

    public override string Name => TOps.Name;

    public override int LaneCount => TOps.LaneCount;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(uint* states, byte** blocks, nint blockCount)
    {
        var scratch = stackalloc TVector[WordsPerBlock];
        var a = TOps.Load(states);
        var b = TOps.Load(states + TOps.LaneCount);
        var c = TOps.Load(states + 2 * TOps.LaneCount);
        var d = TOps.Load(states + 3 * TOps.LaneCount);
        for (nint block = 0; block < blockCount; block++)
        {
            var words = TOps.Transpose(blocks, block * Md5State.BlockSize, scratch);
            var (a0, b0, c0, d0) = (a, b, c, d);
            RunFirstRound(words, ref a, ref b, ref c, ref d);
            RunSecondRound(words, ref a, ref b, ref c, ref d);
            RunThirdRound(words, ref a, ref b, ref c, ref d);
            RunFourthRound(words, ref a, ref b, ref c, ref d);
            a = TOps.Add(a, a0);
            b = TOps.Add(b, b0);
            c = TOps.Add(c, c0);
            d = TOps.Add(d, d0);
        }

        TOps.Store(a, states);
        TOps.Store(b, states + TOps.LaneCount);
        TOps.Store(c, states + 2 * TOps.LaneCount);
        TOps.Store(d, states + 3 * TOps.LaneCount);
        for (var lane = 0; lane < TOps.LaneCount; lane++)
        {
            blocks[lane] += blockCount * Md5State.BlockSize;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunFirstRound(TVector* words, ref TVector a, ref TVector b, ref TVector c, ref TVector d)
    {
        a = Step(a, b, TOps.Select(b, c, d), Word(words, 0), 0xD76AA478, 7);
        d = Step(d, a, TOps.Select(a, b, c), Word(words, 1), 0xE8C7B756, 12);
        c = Step(c, d, TOps.Select(d, a, b), Word(words, 2), 0x242070DB, 17);
        b = Step(b, c, TOps.Select(c, d, a), Word(words, 3), 0xC1BDCEEE, 22);
        a = Step(a, b, TOps.Select(b, c, d), Word(words, 4), 0xF57C0FAF, 7);
        d = Step(d, a, TOps.Select(a, b, c), Word(words, 5), 0x4787C62A, 12);
        c = Step(c, d, TOps.Select(d, a, b), Word(words, 6), 0xA8304613, 17);
        b = Step(b, c, TOps.Select(c, d, a), Word(words, 7), 0xFD469501, 22);
        a = Step(a, b, TOps.Select(b, c, d), Word(words, 8), 0x698098D8, 7);
        d = Step(d, a, TOps.Select(a, b, c), Word(words, 9), 0x8B44F7AF, 12);
        c = Step(c, d, TOps.Select(d, a, b), Word(words, 10), 0xFFFF5BB1, 17);
        b = Step(b, c, TOps.Select(c, d, a), Word(words, 11), 0x895CD7BE, 22);
        a = Step(a, b, TOps.Select(b, c, d), Word(words, 12), 0x6B901122, 7);
        d = Step(d, a, TOps.Select(a, b, c), Word(words, 13), 0xFD987193, 12);
        c = Step(c, d, TOps.Select(d, a, b), Word(words, 14), 0xA679438E, 17);
        b = Step(b, c, TOps.Select(c, d, a), Word(words, 15), 0x49B40821, 22);
    }

    // Of the selection's operands only b comes late; where selecting takes several instructions, the half without b is
    // added before b arrives.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunSecondRound(TVector* words, ref TVector a, ref TVector b, ref TVector c, ref TVector d)
    {
        a = Turn(TOps.AddSelected(Sum(a, Word(words, 1), 0xF61E2562), d, b, c), b, 5);
        d = Turn(TOps.AddSelected(Sum(d, Word(words, 6), 0xC040B340), c, a, b), a, 9);
        c = Turn(TOps.AddSelected(Sum(c, Word(words, 11), 0x265E5A51), b, d, a), d, 14);
        b = Turn(TOps.AddSelected(Sum(b, Word(words, 0), 0xE9B6C7AA), a, c, d), c, 20);
        a = Turn(TOps.AddSelected(Sum(a, Word(words, 5), 0xD62F105D), d, b, c), b, 5);
        d = Turn(TOps.AddSelected(Sum(d, Word(words, 10), 0x02441453), c, a, b), a, 9);
        c = Turn(TOps.AddSelected(Sum(c, Word(words, 15), 0xD8A1E681), b, d, a), d, 14);
        b = Turn(TOps.AddSelected(Sum(b, Word(words, 4), 0xE7D3FBC8), a, c, d), c, 20);
        a = Turn(TOps.AddSelected(Sum(a, Word(words, 9), 0x21E1CDE6), d, b, c), b, 5);
        d = Turn(TOps.AddSelected(Sum(d, Word(words, 14), 0xC33707D6), c, a, b), a, 9);
        c = Turn(TOps.AddSelected(Sum(c, Word(words, 3), 0xF4D50D87), b, d, a), d, 14);
        b = Turn(TOps.AddSelected(Sum(b, Word(words, 8), 0x455A14ED), a, c, d), c, 20);
        a = Turn(TOps.AddSelected(Sum(a, Word(words, 13), 0xA9E3E905), d, b, c), b, 5);
        d = Turn(TOps.AddSelected(Sum(d, Word(words, 2), 0xFCEFA3F8), c, a, b), a, 9);
        c = Turn(TOps.AddSelected(Sum(c, Word(words, 7), 0x676F02D9), b, d, a), d, 14);
        b = Turn(TOps.AddSelected(Sum(b, Word(words, 12), 0x8D2A4C8A), a, c, d), c, 20);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunThirdRound(TVector* words, ref TVector a, ref TVector b, ref TVector c, ref TVector d)
    {
        a = Step(a, b, TOps.Xor(b, c, d), Word(words, 5), 0xFFFA3942, 4);
        d = Step(d, a, TOps.Xor(a, b, c), Word(words, 8), 0x8771F681, 11);
        c = Step(c, d, TOps.Xor(d, a, b), Word(words, 11), 0x6D9D6122, 16);
        b = Step(b, c, TOps.Xor(c, d, a), Word(words, 14), 0xFDE5380C, 23);
        a = Step(a, b, TOps.Xor(b, c, d), Word(words, 1), 0xA4BEEA44, 4);
        d = Step(d, a, TOps.Xor(a, b, c), Word(words, 4), 0x4BDECFA9, 11);
        c = Step(c, d, TOps.Xor(d, a, b), Word(words, 7), 0xF6BB4B60, 16);
        b = Step(b, c, TOps.Xor(c, d, a), Word(words, 10), 0xBEBFBC70, 23);
        a = Step(a, b, TOps.Xor(b, c, d), Word(words, 13), 0x289B7EC6, 4);
        d = Step(d, a, TOps.Xor(a, b, c), Word(words, 0), 0xEAA127FA, 11);
        c = Step(c, d, TOps.Xor(d, a, b), Word(words, 3), 0xD4EF3085, 16);
        b = Step(b, c, TOps.Xor(c, d, a), Word(words, 6), 0x04881D05, 23);
        a = Step(a, b, TOps.Xor(b, c, d), Word(words, 9), 0xD9D4D039, 4);
        d = Step(d, a, TOps.Xor(a, b, c), Word(words, 12), 0xE6DB99E5, 11);
        c = Step(c, d, TOps.Xor(d, a, b), Word(words, 15), 0x1FA27CF8, 16);
        b = Step(b, c, TOps.Xor(c, d, a), Word(words, 2), 0xC4AC5665, 23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunFourthRound(TVector* words, ref TVector a, ref TVector b, ref TVector c, ref TVector d)
    {
        a = Step(a, b, TOps.XorOrNot(b, c, d), Word(words, 0), 0xF4292244, 6);
        d = Step(d, a, TOps.XorOrNot(a, b, c), Word(words, 7), 0x432AFF97, 10);
        c = Step(c, d, TOps.XorOrNot(d, a, b), Word(words, 14), 0xAB9423A7, 15);
        b = Step(b, c, TOps.XorOrNot(c, d, a), Word(words, 5), 0xFC93A039, 21);
        a = Step(a, b, TOps.XorOrNot(b, c, d), Word(words, 12), 0x655B59C3, 6);
        d = Step(d, a, TOps.XorOrNot(a, b, c), Word(words, 3), 0x8F0CCC92, 10);
        c = Step(c, d, TOps.XorOrNot(d, a, b), Word(words, 10), 0xFFEFF47D, 15);
        b = Step(b, c, TOps.XorOrNot(c, d, a), Word(words, 1), 0x85845DD1, 21);
        a = Step(a, b, TOps.XorOrNot(b, c, d), Word(words, 8), 0x6FA87E4F, 6);
        d = Step(d, a, TOps.XorOrNot(a, b, c), Word(words, 15), 0xFE2CE6E0, 10);
        c = Step(c, d, TOps.XorOrNot(d, a, b), Word(words, 6), 0xA3014314, 15);
        b = Step(b, c, TOps.XorOrNot(c, d, a), Word(words, 13), 0x4E0811A1, 21);
        a = Step(a, b, TOps.XorOrNot(b, c, d), Word(words, 4), 0xF7537E82, 6);
        d = Step(d, a, TOps.XorOrNot(a, b, c), Word(words, 11), 0xBD3AF235, 10);
        c = Step(c, d, TOps.XorOrNot(d, a, b), Word(words, 2), 0x2AD7D2BB, 15);
        b = Step(b, c, TOps.XorOrNot(c, d, a), Word(words, 9), 0xEB86D391, 21);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Step(
        TVector a, TVector b, TVector mixed, TVector word, uint constant, [ConstantExpected] byte shift) =>
        Turn(TOps.Add(Sum(a, word, constant), mixed), b, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Turn(TVector sum, TVector b, [ConstantExpected] byte shift) =>
        TOps.Add(TOps.RotateLeft(sum, shift), b);

    // The terms that do not depend on the previous step are added first: they are off the critical path.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(TVector a, TVector word, uint constant) =>
        TOps.Add(a, TOps.Add(word, TOps.Repeat(constant)));

    // Each word is used four times. The compiler would keep all sixteen in registers and spill the ones that matter;
    // a volatile read makes it fetch the word from the first-level cache again, which costs nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Word(TVector* words, int index) =>
        typeof(TVector) == typeof(uint)
            ? (TVector)(object)Volatile.Read(ref *(uint*)(words + index))
            : words[index];
}
