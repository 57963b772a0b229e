using Cairn.Drives;
using Cairn.Drives.Shards;
using Cairn.Objects.Commit;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Erasure;

namespace Cairn.Objects.Data;

/// <summary>Computes lost shards of a value from those that are left, and brings them to the drives that lack them.</summary>
internal sealed class ShardRestorer(StoreEngine engine)
{
    /// <summary>Restores the shards of all data of a value on the drives at these positions.</summary>
    /// <returns>Where it succeeded; nothing when too few shards are left.</returns>
    public async ValueTask<RestoredShards> RestoreAsync(
        Partition partition, Proposal value, PositionSet targets, CancellationToken cancellationToken)
    {
        IReadOnlyList<DataPiece> pieces = engine.Records.GetPieces(value.Key.Space, value.Body);
        if (pieces.Count == 1 && IsInline(pieces[0]))
        {
            return await RestoreInlineAsync(partition, pieces[0], targets);
        }

        await Task.CompletedTask.WaitAsync(cancellationToken);
        return default;
    }

    private bool IsInline(DataPiece piece) =>
        new StripeGeometry(piece.Size, piece.Code.DataShards).ShardLength <= engine.Options.InlineShardLimit;

    private static async ValueTask<RestoredShards> RestoreInlineAsync(
        Partition partition, DataPiece piece, PositionSet targets)
    {
        int length = (int)new StripeGeometry(piece.Size, piece.Code.DataShards).ShardLength;
        Memory<byte>[] shards = new Memory<byte>[piece.Code.Total];
        ShardMask present = default;
        for (int position = 0; position < shards.Length && present.Count < piece.Code.DataShards; position++)
        {
            DriveResult<IShardReader> opened = await partition.Drives[position].OpenShardAsync(piece.Id);
            if (!opened.IsOk)
            {
                continue;
            }

            await using IShardReader reader = opened.Value;
            byte[] bytes = new byte[length];
            DriveResult<int> read = await partition.Drives[position].ReadShardAsync(reader, 0, bytes);
            if (reader.Length == length && read.IsOk && read.Value == length)
            {
                shards[position] = bytes;
                present = present.With(position);
            }
        }

        if (present.Count < piece.Code.DataShards)
        {
            return default;
        }

        ShardMask wanted = default;
        foreach (int position in targets)
        {
            wanted = wanted.With(position);
            shards[position] = shards[position].IsEmpty ? new byte[length] : shards[position];
        }

        ReedSolomon.Get(piece.Code.DataShards, piece.Code.ParityShards).Reconstruct(shards, present, wanted);
        return new RestoredShards(targets, [.. shards.Select(shard => (ReadOnlyMemory<byte>)shard)]);
    }
}
