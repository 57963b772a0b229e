using Cairn.Objects.Data;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Records;

/// <summary>What the store keeps about one version: the body of a register value in the space of objects.</summary>
/// <remarks>
/// Not here, because the register's entry has them: version id, birth (Last-Modified), data ids.
/// Invariants: a delete marker has nothing else. With parts, pieces and parts stand at the same
/// positions. The sizes of the pieces add up to Size.
/// </remarks>
internal sealed record VersionRecord
{
    public static VersionRecord DeleteMarker { get; } = new() { IsDeleteMarker = true };

    public bool IsDeleteMarker { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    public string StorageClass { get; init; } = "STANDARD";

    public ETag ETag { get; init; }

    public ObjectChecksum? Checksum { get; init; }

    public IReadOnlyList<DataPiece> Pieces { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>The upload that became this version, so that a repeated completion finds it.</summary>
    public Ballot? Upload { get; init; }

    /// <summary>The part table; empty when it was not decoded.</summary>
    public IReadOnlyList<PartEntry> Parts { get; init; } = [];
}
