using Cairn.Drives;
using Cairn.Drives.Shards;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Data;

/// <summary>Writes one piece of data to the drives of a partition, a shard each, and drops drives that fail or lag.</summary>
/// <remarks>
/// Invariants: a dropped drive is never written to again; its shard is removed by itself once its last call has ended.
/// Calls are not cancelled by the request, or nobody would know when a writer is free; they are bounded in time.
/// Concurrency: one caller. Failure: disposing without a seal leaves nothing behind, as far as the drives answer.
/// </remarks>
internal sealed class ShardSetWriter(
    StoreEngine engine, Partition partition, DataId data, int enough) : IAsyncDisposable
{
    private readonly IShardWriter?[] _writers = new IShardWriter?[partition.Width];
    private bool _isSealed;

    /// <summary>Drives that have everything so far.</summary>
    public PositionSet Live { get; private set; }

    public bool IsEnough => Live.Count >= enough;

    public bool IsFull { get; private set; }

    /// <summary>Begins the shards; again with other drives when they were too few.</summary>
    public async ValueTask OpenAsync(PositionSet positions, long sizeHint)
    {
        ShardCallRound round = new(partition, engine, enough, position => CreateAsync(position, sizeHint), DisposeLate);
        round.Start(positions);
        await round.WaitAsync(CancellationToken.None);
        Live |= round.Succeeded;
        IsFull |= round.IsFull;
    }

    /// <summary>Writes a batch to all live drives. The batch is held until the last of them, dropped ones too, lets go.</summary>
    public async ValueTask WriteAsync(StripeBatch batch)
    {
        ShardCallRound round = new(partition, engine, enough, position => WriteAsync(position, batch), DisposeLate);
        round.Start(Live);
        await round.WaitAsync(CancellationToken.None);
        Drop(round);
    }

    /// <summary>Makes the shards durable.</summary>
    public async ValueTask SealAsync()
    {
        ShardCallRound round = new(
            partition, engine, enough, SealOneAsync, DropLate);
        round.Start(Live);
        await round.WaitAsync(CancellationToken.None);
        Drop(round);
        _isSealed = IsEnough;
    }

    /// <summary>Lets go of the shards, and removes them when they were not all sealed. Goes on in the background.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (int position in Live)
        {
            engine.Background.Start(_ => EndAsync(position));
        }

        Live = default;
        return ValueTask.CompletedTask;
    }

    private async Task EndAsync(int position)
    {
        await _writers[position]!.DisposeAsync();
        if (!_isSealed)
        {
            // Some drives may have sealed before it was clear that too few would.
            _ = await partition.Drives[position].DropShardAsync(data);
        }
    }

    private async ValueTask<DriveFault> CreateAsync(int position, long sizeHint)
    {
        DriveResult<IShardWriter> created = await partition.Drives[position].CreateShardAsync(data, sizeHint);
        _writers[position] = created.IsOk ? created.Value : null;
        return created.Fault;
    }

    private async ValueTask<DriveFault> WriteAsync(int position, StripeBatch batch)
    {
        batch.AddHolder();
        try
        {
            return await partition.Drives[position].WriteShardAsync(_writers[position]!, batch.ChunksOf(position));
        }
        finally
        {
            batch.Release();
        }
    }

    private ValueTask<DriveFault> SealOneAsync(int position) =>
        partition.Drives[position].SealShardAsync(_writers[position]!);

    private void Drop(ShardCallRound round)
    {
        foreach (int position in round.Answered - round.Succeeded - round.GivenUp)
        {
            if (_writers[position] is { } writer)
            {
                engine.Background.Start(_ => writer.DisposeAsync().AsTask());
            }
        }

        Live = round.Succeeded;
        IsFull |= round.IsFull;
    }

    // A drive that was given up has come back from its last call: only now may its writer be touched.
    private void DisposeLate(int position, DriveFault fault)
    {
        if (_writers[position] is { } writer)
        {
            engine.Background.Start(_ => writer.DisposeAsync().AsTask());
        }
    }

    private void DropLate(int position, DriveFault fault)
    {
        DisposeLate(position, fault);
        if (fault == DriveFault.None)
        {
            engine.Background.Start(async _ => await partition.Drives[position].DropShardAsync(data));
        }
    }
}
