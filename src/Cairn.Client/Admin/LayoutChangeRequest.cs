namespace Cairn.Client.Admin;

/// <summary>What is to be different in the layout. Empty: take in all nodes that wait for it.</summary>
public sealed record LayoutChangeRequest
{
    /// <summary>The epoch that was seen: another one refuses the change. Null: whichever it is. For apply only.</summary>
    public long? Epoch { get; init; }

    /// <summary>Names of nodes that wait to be taken in.</summary>
    public IReadOnlyList<string> Add { get; init; } = [];

    /// <summary>Nodes, or ids of drives, to be emptied and let go.</summary>
    public IReadOnlyList<string> Drain { get; init; } = [];

    /// <summary>Nodes, or ids of drives, that were to be drained and are to stay.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>By node or id of a drive: its share relative to others, 1 or more.</summary>
    public IReadOnlyDictionary<string, int> Weights { get; init; } = new Dictionary<string, int>();

    /// <summary>By node: what fails together with it.</summary>
    public IReadOnlyDictionary<string, string> Zones { get; init; } = new Dictionary<string, string>();
}
