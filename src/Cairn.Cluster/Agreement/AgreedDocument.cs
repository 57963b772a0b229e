namespace Cairn.Cluster.Agreement;

/// <summary>What the nodes agree on.</summary>
/// <param name="Version">Rises by one with every change; 0 while nothing was agreed.</param>
/// <param name="Content">Known to the layers above only.</param>
public sealed record AgreedDocument(long Version, ReadOnlyMemory<byte> Content)
{
    public static AgreedDocument None { get; } = new(0, default);

    public bool Equals(AgreedDocument? other) =>
        other is not null && Version == other.Version && Content.Span.SequenceEqual(other.Content.Span);

    public override int GetHashCode() => Version.GetHashCode();
}
