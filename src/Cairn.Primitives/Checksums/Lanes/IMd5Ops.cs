namespace Cairn.Primitives.Checksums.Lanes;

/// <summary>What an instruction set must offer to run MD5 on several messages at once; inlined into
/// <see cref="VectorMd5Kernel{TOps,TVector}"/>.</summary>
/// <typeparam name="TVector">One 32-bit word of every lane.</typeparam>
internal unsafe interface IMd5Ops<TVector>
    where TVector : unmanaged
{
    static abstract bool IsSupported { get; }

    static abstract string Name { get; }

    /// <summary>Messages per register.</summary>
    static abstract int LaneCount { get; }

    static abstract TVector Repeat(uint value);

    static abstract TVector Load(uint* source);

    static abstract void Store(TVector value, uint* target);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector RotateLeft(TVector value, [System.Diagnostics.CodeAnalysis.ConstantExpected] byte count);

    /// <summary>Bits of <paramref name="ones"/> where <paramref name="selector"/> is one, else of
    /// <paramref name="zeros"/>.</summary>
    static abstract TVector Select(TVector selector, TVector ones, TVector zeros);

    /// <summary>The sum with such a selection, whose <paramref name="ones"/> are known last.</summary>
    static abstract TVector AddSelected(TVector sum, TVector selector, TVector ones, TVector zeros);

    static abstract TVector Xor(TVector x, TVector y, TVector z);

    /// <summary>y ^ (x | ~z).</summary>
    static abstract TVector XorOrNot(TVector x, TVector y, TVector z);

    /// <summary>The 16 words of one block of every lane, word by word: in <paramref name="scratch"/>, or where they
    /// are if they need no rearranging.</summary>
    static abstract TVector* Transpose(byte** blocks, nint offset, TVector* scratch);
}
