using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives;
using Cairn.Primitives.Erasure;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Data;

/// <summary>Takes one body in: coded and held in memory when it is small, streamed to the drives when it is not.</summary>
/// <remarks>
/// Purpose: the three things that take time (reading the client, hashing, writing drives) overlap: while one batch is
/// hashed on another thread and written, the next one is read. Two batches are in memory, whatever the size of the body.
/// Failure: an exception of the body, or cancellation, leaves nothing on the drives once their calls have ended.
/// </remarks>
internal sealed class BodyStager(StoreEngine engine, Partition partition, ErasureCode code, IObjectBody body)
{
    public async ValueTask<ObjectResult<StagedData>> RunAsync(CancellationToken cancellationToken)
    {
        if (body.Length is { } announced && IsInline(announced))
        {
            return await StageInlineAsync((int)announced, cancellationToken);
        }

        StripeBatch first = StripeBatch.Rent(code);
        bool isHandedOver = false;
        try
        {
            bool isEnd = await FillAsync(first, cancellationToken);
            if (isEnd && IsInline(first.Length))
            {
                byte[] coded = new byte[CodedLengthOf(first.Length)];
                first.Payload.CopyTo(coded);
                return await FinishInlineAsync(coded, first.Length, cancellationToken);
            }

            isHandedOver = true;
            return await StreamAsync(first, isEnd, cancellationToken);
        }
        finally
        {
            if (!isHandedOver)
            {
                first.Release();
            }
        }
    }

    private bool IsInline(long size)
    {
        StripeGeometry geometry = new(size, code.DataShards);
        return geometry.StripeCount <= 1 && geometry.ShardLength <= engine.Options.InlineShardLimit;
    }

    private int CodedLengthOf(int size) => (int)new StripeGeometry(size, code.DataShards).ShardLength * code.Total;

    /// <summary>Reads a small body of known length into the place where it is coded.</summary>
    private async ValueTask<ObjectResult<StagedData>> StageInlineAsync(int size, CancellationToken cancellationToken)
    {
        byte[] coded = new byte[CodedLengthOf(size)];
        int length = 0;
        int read;
        while (length < size && (read = await body.ReadAsync(coded.AsMemory(length, size - length), cancellationToken)) > 0)
        {
            length += read;
        }

        // The body learns that nobody wants more, and judges itself whether it had more or less than it announced.
        byte[] more = new byte[1];
        bool isLonger = length == size && await body.ReadAsync(more, cancellationToken) > 0;
        ObjectResult<StagedData> staged = await FinishInlineAsync(coded, length, cancellationToken);
        Check.Invariant(length == size && !isLonger);
        return staged;
    }

    private async ValueTask<ObjectResult<StagedData>> FinishInlineAsync(
        byte[] coded, int size, CancellationToken cancellationToken)
    {
        await body.HashAsync(coded.AsMemory(0, size));
        BodyDigest digest = await body.FinishAsync(cancellationToken);
        int shardLength = coded.Length / code.Total;
        ReedSolomon.Get(code.DataShards, code.ParityShards).Encode(coded.AsSpan(), shardLength);
        ReadOnlyMemory<byte>[] shards = new ReadOnlyMemory<byte>[partition.Width];
        for (int index = 0; index < shards.Length; index++)
        {
            shards[index] = coded.AsMemory(index * shardLength, shardLength);
        }

        return new StagedData
        {
            Piece = new DataPiece(NewId(), size, code),
            Digest = digest,
            InlineShards = shards,
        };
    }

    // Off the caller, which codes and writes meanwhile.
    private async Task HashAsync(ReadOnlyMemory<byte> payload)
    {
        Task hashing = Task.CompletedTask;
        await engine.Environment.Work.RunAsync(() => hashing = body.HashAsync(payload).AsTask());
        await hashing;
    }

    /// <param name="batch">Filled; taken over.</param>
    /// <param name="isEnd">The body ended with it.</param>
    /// <param name="cancellationToken">Nothing is left behind.</param>
    private async ValueTask<ObjectResult<StagedData>> StreamAsync(
        StripeBatch batch, bool isEnd, CancellationToken cancellationToken)
    {
        DataId id = NewId();
        long size = 0;
        Task hashing = Task.CompletedTask;
        StripeBatch? next = null;
        await using ShardSetWriter writer = new(
            engine, partition, id, partition.WriteQuorumFor(code.DataShards));
        try
        {
            long hint = body.Length is { } length ? new StripeGeometry(length, code.DataShards).ShardLength : 0;
            await writer.OpenAsync(partition.Writable(), hint);
            while (writer.IsEnough && batch.Length > 0)
            {
                StripeBatch current = batch;
                hashing = HashAsync(current.Payload);
                current.Encode();
                size += current.Length;
                Task writing = writer.WriteAsync(current).AsTask();
                next = StripeBatch.Rent(code);
                try
                {
                    isEnd = isEnd || await FillAsync(next, cancellationToken);
                }
                finally
                {
                    // The batch goes back only when hash and drives have let go of it, whatever happened to the body.
                    await EndOfBothAsync(hashing, writing);
                }

                current.Release();
                batch = next;
                next = null;
            }

            if (!writer.IsEnough)
            {
                return writer.IsFull ? ObjectError.StorageFull : ObjectError.WriteQuorumLost;
            }

            BodyDigest digest = await body.FinishAsync(cancellationToken);
            await writer.SealAsync();
            PositionSet sealedPositions = writer.Live;
            if (!writer.IsEnough)
            {
                return writer.IsFull ? ObjectError.StorageFull : ObjectError.WriteQuorumLost;
            }

            return new StagedData
            {
                Piece = new DataPiece(id, size, code),
                Digest = digest,
                SealedPositions = sealedPositions.Bits,
            };
        }
        finally
        {
            next?.Release();
            batch.Release();
        }
    }

    // Not WhenAll: its continuation would leave the scheduler.
    private static async Task EndOfBothAsync(Task first, Task second)
    {
        try
        {
            await first;
        }
        finally
        {
            await second;
        }
    }

    /// <returns>Whether the body has ended.</returns>
    private async ValueTask<bool> FillAsync(StripeBatch batch, CancellationToken cancellationToken)
    {
        while (!batch.IsFull)
        {
            int read = await body.ReadAsync(batch.Free, cancellationToken);
            if (read == 0)
            {
                return true;
            }

            batch.Advance(read);
        }

        return false;
    }

    private DataId NewId() => new(engine.Clock.Next().Clock, engine.Environment.Entropy.NextUInt64());
}
