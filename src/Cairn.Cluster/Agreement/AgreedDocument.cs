using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Agreement;

/// <summary>What the nodes agree on.</summary>
/// <param name="Deployment">Whose document it is; nodes of different deployments never vote with each other.</param>
/// <param name="Version">Rises by one with every change; 0 while nothing was agreed.</param>
/// <param name="Content">Known to the layers above only.</param>
public sealed record AgreedDocument(DeploymentId Deployment, long Version, ReadOnlyMemory<byte> Content)
{
    public static AgreedDocument None { get; } = new(default, 0, default);

    public bool Equals(AgreedDocument? other) =>
        other is not null
        && Deployment == other.Deployment
        && Version == other.Version
        && Content.Span.SequenceEqual(other.Content.Span);

    public override int GetHashCode() => Version.GetHashCode();
}
