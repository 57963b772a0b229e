namespace Cairn.Primitives.Erasure;

/// <summary>What an instruction set must offer so that <see cref="VectorShardKernel{TOps,TVector,TInput,TFactor}"/>
/// can run on it. All members are inlined into the kernel's loops; there is no call at run time.</summary>
/// <typeparam name="TVector">One register of field elements.</typeparam>
/// <typeparam name="TInput">A register of source bytes, prepared once and multiplied by several factors.</typeparam>
/// <typeparam name="TFactor">One coefficient in the form that the multiplication wants.</typeparam>
internal unsafe interface IFieldOps<TVector, TInput, TFactor>
{
    static abstract bool IsSupported { get; }

    static abstract string Name { get; }

    /// <summary>Bytes per register.</summary>
    static abstract int Width { get; }

    static abstract int TableSize { get; }

    static abstract void WriteTable(byte coefficient, Span<byte> table);

    static abstract TFactor LoadFactor(byte* table);

    static abstract TInput Load(byte* source);

    static abstract TVector Multiply(TInput input, TFactor factor);

    static abstract TVector Xor(TVector left, TVector right);

    static abstract void Store(TVector value, byte* target);
}
