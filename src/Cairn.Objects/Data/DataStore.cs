using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Layout;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Erasure;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Data;

/// <summary>Cuts bodies into shards on the drives of a key's partition, and puts them together again.</summary>
internal sealed class DataStore(StoreEngine engine)
{
    private readonly StoreEngine _engine = engine;

    /// <summary>Reads a body to its end, codes it, and makes it durable on at least the write quorum of drives.</summary>
    /// <remarks>
    /// Small data stays in memory (StagedData.InlineShards). Parity is raised when drives are missing. Exceptions of the
    /// body pass through after what was written has been removed.
    /// </remarks>
    /// <returns>WriteQuorumLost, StorageFull or InvalidStorageClass when it cannot be placed.</returns>
    public async ValueTask<ObjectResult<StagedData>> StageAsync(
        RegisterKey key, string storageClass, IObjectBody body, CancellationToken cancellationToken)
    {
        if (CodeOf(storageClass) is not { } code)
        {
            return ObjectError.InvalidStorageClass;
        }

        Partition partition = _engine.PartitionOf(key);
        StripeGeometry small = new(0, code.DataShards);
        byte[] stripe = new byte[small.StripeSize];
        int length = 0;
        int read;
        while (length < stripe.Length
            && (read = await body.ReadAsync(stripe.AsMemory(length), cancellationToken)) > 0)
        {
            body.Hash(stripe.AsSpan(length, read));
            length += read;
        }

        BodyDigest digest = await body.FinishAsync(cancellationToken);
        int shardLength = small.CeilingOf(length);
        byte[] coded = new byte[shardLength * code.Total];
        stripe.AsSpan(0, length).CopyTo(coded);
        ReedSolomon.Get(code.DataShards, code.ParityShards).Encode(coded.AsSpan(), shardLength);
        ReadOnlyMemory<byte>[] shards = new ReadOnlyMemory<byte>[partition.Width];
        for (int index = 0; index < shards.Length; index++)
        {
            shards[index] = coded.AsMemory(index * shardLength, shardLength);
        }

        return new StagedData
        {
            Piece = new DataPiece(NextId(), length, code),
            Digest = digest,
            InlineShards = shards,
        };
    }

    /// <summary>Removes staged data that will not be committed. Never throws; what cannot be removed now is swept later.</summary>
    public async ValueTask DiscardAsync(RegisterKey key, StagedData staged)
    {
        Partition partition = _engine.PartitionOf(key);
        foreach (int position in new PositionSet(staged.SealedPositions))
        {
            _ = await partition.Drives[position].DropShardAsync(staged.Piece.Id);
        }
    }

    /// <summary>Opens the pieces of a version, one behind the other.</summary>
    /// <param name="key">Locates the partition.</param>
    /// <param name="value">The version, as read; holds inline shards if it was read with them.</param>
    /// <param name="pieces">From the version's record, in order.</param>
    public ObjectDataReader Open(RegisterKey key, RegisterValue value, IReadOnlyList<DataPiece> pieces) =>
        new(_engine, _engine.PartitionOf(key), value, pieces);

    private DataId NextId() => new(_engine.Clock.Next().Clock, _engine.Environment.Entropy.NextUInt64());

    private ErasureCode? CodeOf(string storageClass) => storageClass switch
    {
        StorageClasses.Standard => _engine.Layout.Standard,
        StorageClasses.ReducedRedundancy => _engine.Layout.ReducedRedundancy,
        _ => null,
    };
}
