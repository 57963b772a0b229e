namespace Cairn.Primitives.Checksums.Folding;

/// <summary>What an instruction set must offer for CRC folding; inlined into the kernel's loops.</summary>
/// <typeparam name="TVector">A register of one or more 128-bit lanes.</typeparam>
internal unsafe interface ICarrylessOps<TVector>
{
    static abstract bool IsSupported { get; }

    static abstract string Name { get; }

    /// <summary>Bytes per register.</summary>
    static abstract int Width { get; }

    static abstract TVector Load(byte* source);

    static abstract void Store(TVector value, byte* target);

    /// <summary>A register that is zero but for its first eight bytes.</summary>
    static abstract TVector First(ulong value);

    /// <summary>Both factors in every 128-bit lane.</summary>
    static abstract TVector Repeat((ulong Low, ulong High) factors);

    /// <summary>Per lane: low half times low factor plus high half times high factor plus
    /// <paramref name="addend"/>.</summary>
    static abstract TVector MultiplyAdd(TVector value, TVector factors, TVector addend);

    static abstract TVector Xor(TVector left, TVector right);
}
