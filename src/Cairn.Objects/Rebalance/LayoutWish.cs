namespace Cairn.Objects.Rebalance;

/// <summary>What an administrator wants of the layout, in names that people know.</summary>
/// <remarks>Empty: to take in whoever waits for it.</remarks>
public sealed record LayoutWish
{
    /// <summary>Nodes that wait to be part of the store.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>Nodes, or ids of drives, to be emptied and let go.</summary>
    public IReadOnlyList<string> Drained { get; init; } = [];

    /// <summary>Nodes, or ids of drives, that were to be drained and are to stay.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>By node or id of a drive: its share relative to others, 1 or more.</summary>
    public IReadOnlyDictionary<string, int> Weights { get; init; } = new Dictionary<string, int>();

    /// <summary>By node: what fails together with it.</summary>
    public IReadOnlyDictionary<string, string> Zones { get; init; } = new Dictionary<string, string>();

    public bool IsEmpty =>
        Added.Count == 0 && Drained.Count == 0 && Kept.Count == 0 && Weights.Count == 0 && Zones.Count == 0;
}
