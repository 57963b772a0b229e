namespace Cairn.Primitives.Checksums.Folding;

/// <summary>A processor instruction that computes one particular CRC, a word at a time.</summary>
internal abstract class CrcInstruction
{
    public abstract bool IsSupported { get; }

    public abstract ulong Update(ulong state, ReadOnlySpan<byte> source);
}
