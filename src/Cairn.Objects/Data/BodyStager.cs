using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives;
using Cairn.Primitives.Erasure;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Data;

/// <summary>Takes one body in: coded and held in memory when it is small, streamed to the drives when it is not.</summary>
/// <remarks>
/// Purpose: the three things that take time (reading the client, hashing, coding and writing) overlap: while batches are
/// hashed on one thread and written from another, the next one is read. A few are in memory, whatever the body's size.
/// Failure: an exception of the body, or cancellation, leaves nothing on the drives once their calls have ended.
/// </remarks>
internal sealed class BodyStager(StoreEngine engine, Partition partition, ErasureCode code, IObjectBody body)
{
    // One more than overlap needs: a stage that was held up catches up instead of holding up the others.
    private const int MostUnderWay = 2;

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
                byte[] coded = NewCoded(first.Length);
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

    // Not cleared as a whole: payload and parity fill it but for the end of the last data shard.
    private byte[] NewCoded(int size)
    {
        int shardLength = (int)new StripeGeometry(size, code.DataShards).ShardLength;
        byte[] coded = GC.AllocateUninitializedArray<byte>(shardLength * code.Total);
        coded.AsSpan(size, (shardLength * code.DataShards) - size).Clear();
        return coded;
    }

    /// <summary>Reads a small body of known length into the place where it is coded.</summary>
    private async ValueTask<ObjectResult<StagedData>> StageInlineAsync(int size, CancellationToken cancellationToken)
    {
        byte[] coded = NewCoded(size);
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

    /// <param name="batch">Filled; taken over.</param>
    /// <param name="isEnd">The body ended with it.</param>
    /// <param name="cancellationToken">Nothing is left behind.</param>
    private async ValueTask<ObjectResult<StagedData>> StreamAsync(
        StripeBatch batch, bool isEnd, CancellationToken cancellationToken)
    {
        DataId id = NewId();
        long size = 0;
        Queue<BatchUnderWay> underWay = new();
        await using ShardSetWriter writer = new(
            engine, partition, id, partition.WriteQuorumFor(code.DataShards));
        try
        {
            long hint = body.Length is { } length ? new StripeGeometry(length, code.DataShards).ShardLength : 0;
            PositionSet preferred = partition.Writable();
            await writer.OpenAsync(preferred, hint);
            if (!writer.IsEnough)
            {
                await writer.OpenAsync(partition.WritableAtAll() - preferred, hint);
            }

            Task hashing = Task.CompletedTask;
            Task writing = Task.CompletedTask;
            while (writer.IsEnough && batch.Length > 0)
            {
                // Two chains, each in the order of the body: neither waits for the other, nor for the next batch.
                hashing = HashAsync(hashing, batch);
                writing = WriteAsync(writing, writer, batch);
                size += batch.Length;
                underWay.Enqueue(new BatchUnderWay(batch, hashing, writing));
                batch = StripeBatch.Rent(code);
                isEnd = isEnd || await FillAsync(batch, cancellationToken);
                if (underWay.Count == MostUnderWay)
                {
                    await underWay.Dequeue().EndAsync();
                }
            }

            await EndAllAsync(underWay);
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
            batch.Release();
            await EndAllAsync(underWay);
        }
    }

    // On another thread: the caller codes, writes and reads meanwhile.
    private async Task HashAsync(Task before, StripeBatch batch)
    {
        await before;
        Task hashing = Task.CompletedTask;
        await engine.Environment.Work.RunAsync(() => hashing = body.HashAsync(batch.Payload).AsTask());
        await hashing;
    }

    private static async Task WriteAsync(Task before, ShardSetWriter writer, StripeBatch batch)
    {
        await before;
        batch.Encode();
        await writer.WriteAsync(batch);
    }

    private static async Task EndAllAsync(Queue<BatchUnderWay> underWay)
    {
        if (underWay.TryDequeue(out BatchUnderWay? next))
        {
            try
            {
                await next.EndAsync();
            }
            finally
            {
                await EndAllAsync(underWay);
            }
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
