using Cairn.Drives;
using Cairn.Objects.Buckets;
using Cairn.Objects.Healing;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects;

/// <summary>What a store is put together from.</summary>
public sealed record ObjectStoreParts
{
    /// <summary>S3's minimum for every part of a completed upload but the last, in bytes.</summary>
    public const long DefaultSmallestPart = 5 * 1024 * 1024;

    public required StoreLayout Layout { get; init; }

    /// <summary>Those of the layout's drives that are there, open. The store disposes them.</summary>
    public required IReadOnlyList<IDrive> Drives { get; init; }

    /// <summary>Those whose healing, and whose end after a crash, is this node's business; null: all of them.</summary>
    public IReadOnlyCollection<DriveId>? OwnDrives { get; init; }

    /// <summary>The other nodes of the store; null: there are none.</summary>
    public IBucketPeers? BucketPeers { get; init; }

    public required StoreEnvironment Environment { get; init; }

    public QuorumOptions Options { get; init; } = new();

    public HealPace HealPace { get; init; } = new();

    /// <summary>In bytes; tests take less than the default.</summary>
    public long SmallestPart { get; init; } = DefaultSmallestPart;
}
