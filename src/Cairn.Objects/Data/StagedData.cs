namespace Cairn.Objects.Data;

/// <summary>Data whose shards are durable on drives, or ride along inline, but that no version names yet.</summary>
/// <remarks>Ownership: commit it by a RegisterDraft that names it, or hand it to DataStore.DiscardAsync.</remarks>
internal sealed class StagedData
{
    public required DataPiece Piece { get; init; }

    /// <summary>Digests of the bytes.</summary>
    public required BodyDigest Digest { get; init; }

    /// <summary>Small data: one shard for each position of the partition, to travel inside the accept. Else null.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? InlineShards { get; init; }

    /// <summary>Large data: bit i says that the drive at position i holds its shard durably.</summary>
    public uint SealedPositions { get; init; }
}
