namespace Cairn.Primitives.Ids;

/// <summary>A node, for as long as its state is kept: made at its first start, independent of its address.</summary>
public readonly record struct NodeId(Guid Value) : IComparable<NodeId>
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 16;

    public static NodeId New(IEntropy entropy) => new(DriveId.NewGuid(entropy));

    /// <summary>Big endian, so that bytes and text sort alike.</summary>
    public static NodeId Read(ReadOnlySpan<byte> source) => new(new Guid(source[..Size], bigEndian: true));

    public void Write(Span<byte> destination) => Value.TryWriteBytes(destination, bigEndian: true, out _);

    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("N");

    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;
}
