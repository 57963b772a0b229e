using System.IO.Pipelines;
using Cairn.Drives;
using Cairn.Drives.Shards;
using Cairn.Objects.Commit;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Erasure;

namespace Cairn.Objects.Data;

/// <summary>Reads ranges over the pieces of one version: hedged, verified, reconstructed where shards are missing.</summary>
internal sealed class ObjectDataReader(
    StoreEngine engine, Partition partition, RegisterValue value, IReadOnlyList<DataPiece> pieces) : IAsyncDisposable
{
    public async ValueTask CopyToAsync(
        PipeWriter destination, long offset, long length, CancellationToken cancellationToken)
    {
        _ = engine;
        DataPiece piece = pieces[0];
        int shardLength = (int)new StripeGeometry(piece.Size, piece.Code.DataShards).ShardLength;
        byte[] stripe = new byte[shardLength * piece.Code.Total];
        ShardMask present = default;
        for (int index = 0; index < piece.Code.Total && present.Count < piece.Code.DataShards; index++)
        {
            Memory<byte> shard = stripe.AsMemory(index * shardLength, shardLength);
            if (index < value.InlineShards.Count && value.InlineShards[index] is { } inline && inline.Length == shardLength)
            {
                inline.CopyTo(shard);
                present = present.With(index);
                continue;
            }

            DriveHandle drive = partition.Drives[index];
            DriveResult<IShardReader> opened = await drive.OpenShardAsync(piece.Id);
            if (opened.IsOk)
            {
                await using IShardReader reader = opened.Value;
                DriveResult<int> read = await drive.ReadShardAsync(reader, 0, shard);
                present = read.IsOk && read.Value == shardLength ? present.With(index) : present;
            }
        }

        if (present.Count < piece.Code.DataShards)
        {
            throw new DataUnavailableException("Too few shards answer.");
        }

        ReedSolomon.Get(piece.Code.DataShards, piece.Code.ParityShards)
            .Reconstruct(stripe, shardLength, present, ShardMask.All(piece.Code.DataShards));
        await destination.WriteAsync(stripe.AsMemory((int)offset, (int)length), cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
