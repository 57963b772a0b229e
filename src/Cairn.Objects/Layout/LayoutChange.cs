using Cairn.Primitives.Ids;

namespace Cairn.Objects.Layout;

/// <summary>What an administrator wants to be different.</summary>
public sealed record LayoutChange
{
    /// <summary>Drives that the layout does not have yet.</summary>
    public IReadOnlyList<LayoutDrive> Added { get; init; } = [];

    /// <summary>Drives to be emptied and let go.</summary>
    public IReadOnlyList<DriveId> Drained { get; init; } = [];

    /// <summary>Drives that were to be drained and are to stay after all.</summary>
    public IReadOnlyList<DriveId> Kept { get; init; } = [];

    /// <summary>New weights of drives.</summary>
    public IReadOnlyDictionary<DriveId, int> Weights { get; init; } = new Dictionary<DriveId, int>();

    /// <summary>New zones of nodes.</summary>
    public IReadOnlyDictionary<string, string> Zones { get; init; } = new Dictionary<string, string>();
}
