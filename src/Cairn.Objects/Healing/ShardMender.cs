using System.Buffers;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Healing;

/// <summary>Reads the shards of a version on its drives and replaces those that are lost or damaged.</summary>
/// <remarks>
/// A damaged file is dropped before its replacement is written under the same name, and the entry accepted again, which
/// names the new file. Between the two the drive lacks the shard, as it did in effect before.
/// </remarks>
internal sealed class ShardMender(StoreEngine engine)
{
    private const int StepLength = 256 * 1024;

    public ShardRestorer Restorer { get; } = new(engine);

    public async ValueTask<MendResult> MendAsync(
        Partition partition,
        RegisterKey key,
        RegisterEntry entry,
        PositionSet positions,
        CancellationToken cancellationToken)
    {
        long bytes = 0;
        PositionSet sound = positions;
        foreach (DataPiece piece in engine.PiecesOf(key, entry.Body, entry.Data))
        {
            PositionSet damaged = default;
            foreach (int position in sound)
            {
                if (await IsDamagedAsync(partition.Drives[position], piece, cancellationToken))
                {
                    damaged = damaged.With(position);
                }
            }

            if (damaged.IsEmpty)
            {
                continue;
            }

            await ReplaceAsync(partition, key, entry, piece, damaged, cancellationToken);
            foreach (int position in damaged)
            {
                // Healed is what reads back, nothing else.
                bool isHealed = !await IsDamagedAsync(partition.Drives[position], piece, cancellationToken);
                sound = isHealed ? sound : sound.Without(position);
                bytes += isHealed ? LengthOf(piece) : 0;
            }
        }

        return new MendResult(sound, bytes);
    }

    /// <summary>Bytes of one drive's shards of a value.</summary>
    public long ShardBytesOf(RegisterKey key, RegisterEntry entry) =>
        engine.PiecesOf(key, entry.Body, entry.Data).Sum(LengthOf);

    private static long LengthOf(DataPiece piece) => new StripeGeometry(piece.Size, piece.Code.DataShards).ShardLength;

    private async ValueTask ReplaceAsync(
        Partition partition,
        RegisterKey key,
        RegisterEntry entry,
        DataPiece piece,
        PositionSet damaged,
        CancellationToken cancellationToken)
    {
        if (entry.Data.Count == 1 && Restorer.IsInline(piece))
        {
            RestoredShards restored = await Restorer.RestoreInlineAsync(partition, piece, damaged, cancellationToken);
            foreach (int position in restored.Positions)
            {
                _ = await partition.Drives[position].RestoreInlineAsync(key, piece.Id, restored.Inline![position]);
            }

            return;
        }

        foreach (int position in damaged)
        {
            _ = await partition.Drives[position].DropShardAsync(piece.Id);
        }

        PositionSet written = await Restorer.RestoreFilesAsync(partition, piece, damaged, cancellationToken);
        Proposal proposal = Proposal.Again(key, entry, 0, entry.Ballot);
        bool isRefused = false;
        foreach (int position in written)
        {
            DriveResult<AcceptReply> reply = await partition.Drives[position].AcceptAsync(proposal.RequestFor(position));
            isRefused |= reply is { IsOk: true, Value.IsAccepted: false };
        }

        if (isRefused)
        {
            await engine.Quorum.Settler.ClearAsync(key, entry.Slot, cancellationToken);
        }
    }

    private static async ValueTask<bool> IsDamagedAsync(
        DriveHandle drive, DataPiece piece, CancellationToken cancellationToken)
    {
        DriveResult<IShardReader> opened = await drive.OpenShardAsync(piece.Id);
        if (!opened.IsOk)
        {
            // A drive that is away is not damaged; whether it is sound stays open.
            return opened.Fault is DriveFault.NotFound or DriveFault.Corrupt or DriveFault.Io;
        }

        await using IShardReader reader = opened.Value;
        if (reader.Length != LengthOf(piece))
        {
            return true;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(StepLength);
        DriveResult<int> read = 0;
        for (long offset = 0; offset < reader.Length && read.IsOk; offset += StepLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            read = await drive.ReadShardAsync(reader, offset, buffer.AsMemory(0, StepLength));
        }

        if (read.Fault != DriveFault.Timeout)
        {
            // After a timeout the drive may still be writing into it.
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return read.Fault is DriveFault.Corrupt or DriveFault.Io or DriveFault.NotFound;
    }
}
