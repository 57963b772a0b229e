using Cairn.Drives;
using Cairn.Drives.Shards;
using Cairn.Objects.Commit;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Data;

/// <summary>Computes lost shards of a value from those that are left, and brings them to the drives that lack them.</summary>
/// <remarks>
/// Failure: a drive that fails on the way is left out; its half-written shard goes away. Sealed shards that no accept
/// names in the end are removed by the drive's next start.
/// </remarks>
/// <param name="engine">The store.</param>
/// <param name="pace">Of a worker that is to leave clients their share; null where somebody waits for the shards.</param>
internal sealed class ShardRestorer(StoreEngine engine, BackgroundPace? pace = null)
{
    // Memory per restoration: this many bytes of k + 1 shards or more.
    private const int StepLength = 4 * StripeGeometry.ChunkSize;

    /// <summary>Restores the shards of all data of a value on the drives at these positions.</summary>
    /// <returns>Where it succeeded; nothing when too few shards are left.</returns>
    public async ValueTask<RestoredShards> RestoreAsync(
        Partition partition, Proposal value, PositionSet targets, CancellationToken cancellationToken)
    {
        IReadOnlyList<DataPiece> pieces = engine.PiecesOf(value.Key, value.Body, value.Data);
        if (pieces.Count == 1 && IsInline(pieces[0]))
        {
            return await RestoreInlineAsync(partition, pieces[0], targets, cancellationToken);
        }

        PositionSet restored = targets;
        foreach (DataPiece piece in pieces)
        {
            restored = await RestoreFilesAsync(partition, piece, restored, cancellationToken);
        }

        return new RestoredShards(restored, null);
    }

    public bool IsInline(DataPiece piece)
    {
        StripeGeometry geometry = new(piece.Size, piece.Code.DataShards);
        return geometry.StripeCount <= 1 && geometry.ShardLength <= engine.Options.InlineShardLimit;
    }

    /// <summary>Computes shards of small data; null when too few are left.</summary>
    public async ValueTask<RestoredShards> RestoreInlineAsync(
        Partition partition, DataPiece piece, PositionSet targets, CancellationToken cancellationToken)
    {
        await using PieceShards shards = SourcesFor(partition, piece, targets);
        int length = (int)shards.Geometry.ShardLength;
        using StripeRun? run = await shards.ReadAsync(0, length, targets, cancellationToken);
        if (run is null)
        {
            return default;
        }

        ReadOnlyMemory<byte>[] inline = new ReadOnlyMemory<byte>[partition.Width];
        foreach (int position in targets)
        {
            inline[position] = run[position].ToArray();
        }

        return new RestoredShards(targets, inline);
    }

    /// <summary>Writes the shards of one piece as files.</summary>
    /// <returns>Positions whose drives have a good shard now.</returns>
    public async ValueTask<PositionSet> RestoreFilesAsync(
        Partition partition, DataPiece piece, PositionSet targets, CancellationToken cancellationToken)
    {
        await using PieceShards shards = SourcesFor(partition, piece, targets);
        Lacking lacking = await FindLackingAsync(partition, piece, targets, shards.Geometry.ShardLength);
        PositionSet present = targets - lacking.Positions;
        IShardWriter?[] writers = new IShardWriter?[partition.Width];
        PositionSet live = default;
        try
        {
            foreach (int position in lacking.Positions)
            {
                DriveResult<IShardWriter> created = await CreateAsync(
                    lacking.Drives[position]!, piece.Id, shards.Geometry.ShardLength);
                writers[position] = created.IsOk ? created.Value : null;
                live = created.IsOk ? live.With(position) : live;
            }

            for (long offset = 0; offset < shards.Geometry.ShardLength && !live.IsEmpty; offset += StepLength)
            {
                int length = (int)Math.Min(StepLength, shards.Geometry.ShardLength - offset);
                using StripeRun? run = await shards.ReadAsync(offset, length, live, cancellationToken);
                if (run is null)
                {
                    return present;
                }

                foreach (int position in live)
                {
                    DriveFault fault = await lacking.Drives[position]!.WriteShardAsync(writers[position]!, run[position]);
                    live = fault == DriveFault.None ? live : live.Without(position);
                }

                await (pace?.RestAsync(cancellationToken) ?? default);
            }

            foreach (int position in live)
            {
                DriveFault fault = await lacking.Drives[position]!.SealShardAsync(writers[position]!);
                present = fault == DriveFault.None ? present.With(position) : present;
            }

            return present;
        }
        finally
        {
            foreach (IShardWriter? writer in writers)
            {
                if (writer is not null)
                {
                    await writer.DisposeAsync();
                }
            }
        }
    }

    // What an upload left behind whose drive failed before the record, and even at the removal, is in the way of the
    // shard that takes its place. The value is chosen, so nobody writes it any more, but perhaps another who restores it:
    // then the drive is busy.
    private static async ValueTask<DriveResult<IShardWriter>> CreateAsync(Replica drive, DataId data, long length)
    {
        DriveResult<IShardWriter> created = await drive.CreateShardAsync(data, length);
        return created.Fault == DriveFault.Io && await drive.DropShardAsync(data) == DriveFault.None
            ? await drive.CreateShardAsync(data, length)
            : created;
    }

    // What a position lacks is computed from the others. Of one that moves, one drive may have what the other lacks.
    private PieceShards SourcesFor(Partition partition, DataPiece piece, PositionSet targets)
    {
        PositionSet excluded = targets;
        foreach (int position in targets)
        {
            excluded = partition.Drives[position].IsJoint ? excluded.Without(position) : excluded;
        }

        return new PieceShards(engine, partition, piece, []) { Excluded = excluded };
    }

    // Present although nothing names it: a sealed shard whose upload was interrupted between the data and the record.
    private static async ValueTask<Lacking> FindLackingAsync(
        Partition partition, DataPiece piece, PositionSet targets, long length)
    {
        Lacking lacking = new(default, new Replica?[partition.Width]);
        foreach (int position in targets)
        {
            List<DriveReplica> without = [];
            Replica replica = partition.Drives[position];
            DriveReplica[] there = [.. replica.Members.Where(member => member.State != DriveState.Offline)];
            foreach (DriveReplica member in there.Length == 0 ? replica.Members : there)
            {
                DriveResult<IShardReader> opened = await member.OpenShardAsync(piece.Id);
                if (!opened.IsOk || opened.Value.Length != length)
                {
                    without.Add(member);
                }

                if (opened.IsOk)
                {
                    await opened.Value.DisposeAsync();
                }
            }

            if (without.Count > 0)
            {
                lacking.Drives[position] = without.Count == replica.Members.Count ? replica : without[0];
                lacking = lacking with { Positions = lacking.Positions.With(position) };
            }
        }

        return lacking;
    }

    /// <param name="Positions">Where the shard is to be written.</param>
    /// <param name="Drives">By position: where exactly.</param>
    private readonly record struct Lacking(PositionSet Positions, Replica?[] Drives);
}
