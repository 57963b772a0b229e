using System.IO.Pipelines;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Healing;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Data;

/// <summary>Reads ranges over the pieces of one version: hedged, verified, reconstructed where shards are missing.</summary>
/// <remarks>
/// Purpose: bytes from drives to a client. While one run of stripes is sent the next one is read; runs grow from one
/// stripe to the size of a batch, so that short ranges read little and long ones read fast.
/// Shard bytes are copied once, into the pipe: a drive that was given up may still write into the memory it was given,
/// which therefore must not be the pipe's.
/// Concurrency: one CopyToAsync at a time.
/// </remarks>
internal sealed class ObjectDataReader(
    StoreEngine engine, RegisterKey key, RegisterValue value, IReadOnlyList<DataPiece> pieces) : IAsyncDisposable
{
    private readonly Partition _partition = engine.PartitionOf(key);
    private readonly PieceShards?[] _opened = new PieceShards?[pieces.Count];
    private IReadOnlyList<ReadOnlyMemory<byte>?>? _inline;
    private HoldRound? _hold;

    /// <summary>Takes hold of the pieces: drives may drop their shards as soon as the version is superseded.</summary>
    /// <returns>False when they cannot be had, perhaps because that has happened already.</returns>
    public async ValueTask<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        bool isFirstHere = pieces[0].Size == 0
            || TryCopyInline(null, 0, 0, (int)Math.Min(pieces[0].Size, int.MaxValue));
        if (isFirstHere && pieces.Count == 1)
        {
            return true;
        }

        DataPiece[] wanted = [.. pieces.Skip(isFirstHere ? 1 : 0).Where(piece => piece.Size > 0)];
        if (wanted.Length == 0)
        {
            return true;
        }

        _hold = new HoldRound(_partition, engine, wanted);
        _hold.Start();
        await _hold.WaitAsync(cancellationToken);
        return _hold.IsHeld;
    }

    public async ValueTask CopyToAsync(
        PipeWriter destination, long offset, long length, CancellationToken cancellationToken)
    {
        long start = 0;
        for (int index = 0; index < pieces.Count && length > 0; start += pieces[index++].Size)
        {
            long within = offset - start;
            if (within >= pieces[index].Size)
            {
                continue;
            }

            long count = Math.Min(length, pieces[index].Size - within);
            if (TryCopyInline(destination, index, (int)within, (int)Math.Min(count, int.MaxValue)))
            {
                await destination.FlushAsync(cancellationToken);
            }
            else if (!await CopyPieceAsync(destination, index, within, count, cancellationToken))
            {
                return;
            }

            offset += count;
            length -= count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PieceShards? shards in _opened)
        {
            if (shards is not null)
            {
                if (!shards.Damaged.IsEmpty)
                {
                    engine.Repairs.Add(new RepairTicket(key, value.Slot));
                }

                await shards.DisposeAsync();
            }
        }

        if (_hold is not null)
        {
            await _hold.DisposeAsync();
        }
    }

    private PieceShards NewShards(int index) => new(engine, _partition, pieces[index], InlineOf(index));

    private IReadOnlyList<ReadOnlyMemory<byte>?> InlineOf(int index) =>
        index == 0 && value.Data.Count > 0 && value.Data[0] == pieces[0].Id
            ? _inline ??= InlineShards.Complete(value.InlineShards, pieces[0])
            : [];

    /// <summary>Small data whose data shards came along with the record. Without a destination: only whether it is so.</summary>
    private bool TryCopyInline(PipeWriter? destination, int index, int offset, int count)
    {
        IReadOnlyList<ReadOnlyMemory<byte>?> inline = InlineOf(index);
        ErasureCode code = pieces[index].Code;
        StripeGeometry geometry = new(pieces[index].Size, code.DataShards);
        if (inline.Count < code.DataShards || geometry.StripeCount > 1)
        {
            return false;
        }

        int chunk = geometry.ChunkLengthOf(0);
        for (int shard = offset / chunk; shard * chunk < offset + count; shard++)
        {
            if (inline[shard] is not { } bytes || bytes.Length != chunk)
            {
                return false;
            }
        }

        for (int shard = offset / chunk; destination is not null && shard * chunk < offset + count; shard++)
        {
            int from = Math.Max(0, offset - (shard * chunk));
            int to = Math.Min(chunk, offset + count - (shard * chunk));
            destination.Append(inline[shard]!.Value.Span[from..to]);
        }

        return true;
    }

    /// <returns>False when the reader of the pipe has gone away.</returns>
    private async ValueTask<bool> CopyPieceAsync(
        PipeWriter destination, int index, long offset, long count, CancellationToken cancellationToken)
    {
        PieceShards shards = _opened[index] ??= NewShards(index);
        StripeRange range = StripeRange.First(shards.Geometry, offset, count);
        Task<StripeRun?> reading = ReadAsync(shards, range, cancellationToken);
        while (true)
        {
            using StripeRun run = await reading
                ?? throw new DataUnavailableException(
                    $"Data {pieces[index].Id} cannot be read: fewer than {shards.Code.DataShards} of its shards answer.");
            StripeRange current = range;
            range = current.Next(StripeBatch.StripesFor(shards.Code));
            reading = range.IsEmpty ? Task.FromResult<StripeRun?>(null) : ReadAsync(shards, range, cancellationToken);
            bool isHandedOn = false;
            try
            {
                current.CopyTo(run, destination);
                FlushResult flushed = await destination.FlushAsync(cancellationToken);
                isHandedOn = !range.IsEmpty && !flushed.IsCompleted;
                if (!isHandedOn)
                {
                    return !flushed.IsCompleted;
                }
            }
            finally
            {
                if (!isHandedOn)
                {
                    (await reading)?.Dispose();
                }
            }
        }
    }

    private static Task<StripeRun?> ReadAsync(
        PieceShards shards, StripeRange range, CancellationToken cancellationToken) =>
        shards.ReadAsync(range.ColumnOffset, range.ColumnLength, range.Shards, cancellationToken).AsTask();
}
