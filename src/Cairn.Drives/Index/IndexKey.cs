namespace Cairn.Drives.Index;

/// <summary>A key of the index as a dictionary key.</summary>
internal readonly struct IndexKey(IndexFamily family, ReadOnlyMemory<byte> bytes) : IEquatable<IndexKey>
{
    public IndexFamily Family { get; } = family;

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public bool Equals(IndexKey other) => Family == other.Family && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override bool Equals(object? obj) => obj is IndexKey other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add((byte)Family);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}
