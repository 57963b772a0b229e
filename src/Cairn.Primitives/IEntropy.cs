namespace Cairn.Primitives;

/// <summary>The only source of chance. Production draws from the operating system, the simulator from its seed.</summary>
public interface IEntropy
{
    /// <summary>Fills the whole buffer with unpredictable bytes.</summary>
    void Fill(Span<byte> destination);

    /// <summary>64 unpredictable bits.</summary>
    ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
