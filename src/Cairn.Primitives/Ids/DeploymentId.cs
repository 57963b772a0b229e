namespace Cairn.Primitives.Ids;

/// <summary>One store: all drives that were formatted together, or joined later, carry the same.</summary>
public readonly record struct DeploymentId(Guid Value)
{
    public static DeploymentId New(IEntropy entropy) => new(DriveId.NewGuid(entropy));

    public override string ToString() => Value.ToString("N");
}
