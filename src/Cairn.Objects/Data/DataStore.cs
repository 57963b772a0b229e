using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Layout;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;

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
        PositionSet writable = partition.Writable();
        if (writable.Count < partition.WriteQuorumFor(code.DataShards))
        {
            return ObjectError.WriteQuorumLost;
        }

        return await new BodyStager(_engine, partition, WithParityFor(code, partition.Width - writable.Count), body)
            .RunAsync(cancellationToken);
    }

    /// <summary>Removes staged data that will not be committed. Never throws; what cannot be removed now is swept later.</summary>
    public ValueTask DiscardAsync(RegisterKey key, StagedData staged)
    {
        Partition partition = _engine.PartitionOf(key);
        foreach (int position in new PositionSet(staged.SealedPositions))
        {
            _engine.Background.Start(async _ => await partition.Drives[position].DropShardAsync(staged.Piece.Id));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Opens the pieces of a version, one behind the other.</summary>
    /// <param name="key">Locates the partition.</param>
    /// <param name="value">The version, as read; holds inline shards if it was read with them.</param>
    /// <param name="pieces">From the version's record, in order.</param>
    public ObjectDataReader Open(RegisterKey key, RegisterValue value, IReadOnlyList<DataPiece> pieces) =>
        new(_engine, key, value, pieces);

    /// <summary>
    /// Cuts into fewer data shards, so that what is written now survives as many further losses as if all drives were
    /// there.
    /// </summary>
    private static ErasureCode WithParityFor(ErasureCode code, int missing)
    {
        byte dataShards = (byte)Math.Max(1, code.DataShards - missing);
        return new ErasureCode(dataShards, (byte)(code.Total - dataShards));
    }

    private ErasureCode? CodeOf(string storageClass) => storageClass switch
    {
        StorageClasses.Standard => _engine.Layout.Standard,
        StorageClasses.ReducedRedundancy => _engine.Layout.ReducedRedundancy,
        _ => null,
    };
}
