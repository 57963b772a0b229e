using Cairn.Drives;
using Cairn.Drives.Shards;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Erasure;

namespace Cairn.Objects.Data;

/// <summary>The shards of one piece, opened as they are needed, and computed from others where they are missing.</summary>
/// <remarks>
/// Invariants: bytes are handed out only as the drive verified them, or computed from such. Concurrency: one ReadAsync at
/// a time; calls to drives that were given up may still be under way and are waited for before their readers are closed.
/// </remarks>
internal sealed class PieceShards : IAsyncDisposable
{
    private readonly StoreEngine _engine;
    private readonly Partition _partition;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>?> _inline;
    private readonly Task<DriveResult<IShardReader>>?[] _readers;
    private readonly Lock _gate = new();
    private readonly long _shardLength;
    private PositionSet _failed;
    private readonly HolderCount _holders = new();

    /// <param name="engine">The store.</param>
    /// <param name="partition">Where the shards lie.</param>
    /// <param name="piece">What they are of.</param>
    /// <param name="inline">Shards that are in memory already, by index; may be empty.</param>
    public PieceShards(
        StoreEngine engine, Partition partition, DataPiece piece, IReadOnlyList<ReadOnlyMemory<byte>?> inline)
    {
        _engine = engine;
        _partition = partition;
        _inline = inline;
        Piece = piece;
        Geometry = new StripeGeometry(piece.Size, piece.Code.DataShards);
        _shardLength = Geometry.ShardLength;
        _readers = new Task<DriveResult<IShardReader>>?[partition.Width];
    }

    public DataPiece Piece { get; }

    public ErasureCode Code => Piece.Code;

    public StripeGeometry Geometry { get; }

    /// <summary>Shards that turned out to be missing or damaged on drives that answer.</summary>
    public PositionSet Damaged { get; private set; }

    /// <summary>Never asked: the position whose shard is to be computed.</summary>
    public PositionSet Excluded { get; init; }

    /// <summary>The columns of the wanted shards, read or computed. Dispose the run.</summary>
    /// <returns>Null when too few shards answer.</returns>
    public async ValueTask<StripeRun?> ReadAsync(
        long offset, int length, PositionSet wanted, CancellationToken cancellationToken)
    {
        StripeRun run = new(offset, length, Code.Total);
        bool isServed = false;
        try
        {
            ShardReadRound round = new(
                _partition, _engine, this, run, wanted, PositionSet.First(Code.Total) - _failed - Excluded);
            round.Start();
            if (!round.IsDecided)
            {
                await WaitHedgedAsync(round, cancellationToken);
            }

            _failed |= round.Failed;
            isServed = round.IsServed;
            if (isServed && length > 0 && !(wanted - round.Present).IsEmpty)
            {
                Compute(run, round.Present, wanted);
            }

            return isServed ? run : null;
        }
        finally
        {
            if (!isServed)
            {
                run.Dispose();
            }
        }
    }

    /// <summary>Fills one shard's place in the run. OK only with all of its bytes.</summary>
    public async ValueTask<DriveResult<bool>> ReadAsync(int position, StripeRun run)
    {
        if (position < _inline.Count && _inline[position] is { } shard && shard.Length == _shardLength)
        {
            shard.Slice((int)run.Offset, run.Length).CopyTo(run.PlaceOf(position));
            return true;
        }

        // The last holder has let go: the readers are being closed.
        if (!_holders.TryAdd())
        {
            return DriveFault.Busy;
        }

        try
        {
            DriveResult<IShardReader> opened = await OpenAsync(position);
            if (!opened.IsOk)
            {
                return Failed(position, opened.Fault);
            }

            if (opened.Value.Length != _shardLength)
            {
                return Failed(position, DriveFault.Corrupt);
            }

            DriveResult<int> read = await _partition.Drives[position].ReadShardAsync(
                opened.Value, run.Offset, run.PlaceOf(position));
            return read.IsOk && read.Value == run.Length
                ? true
                : Failed(position, read.IsOk ? DriveFault.Corrupt : read.Fault);
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    public ValueTask DisposeAsync() => ReleaseAsync();

    private async ValueTask WaitHedgedAsync(ShardReadRound round, CancellationToken cancellationToken)
    {
        TimeSpan delay = TimeSpan.Zero;
        foreach (int position in round.Outstanding)
        {
            TimeSpan late = _partition.Drives[position].Timing.HedgeDelayOf(DriveCall.ReadShard);
            delay = late > delay ? late : delay;
        }

        // Again and again: the substitute may be late too.
        using ITimer timer = _engine.Environment.Time.CreateTimer(
            static state => ((ShardReadRound)state!).Hedge(), round, delay, delay);
        await round.WaitAsync(cancellationToken);
    }

    private void Compute(StripeRun run, PositionSet present, PositionSet wanted)
    {
        Memory<byte>[] shards = new Memory<byte>[Code.Total];
        foreach (int index in present)
        {
            shards[index] = run.PlaceOf(index);
        }

        foreach (int index in wanted - present)
        {
            shards[index] = run.ComputedPlaceOf(index);
        }

        ReedSolomon.Get(Code.DataShards, Code.ParityShards).Reconstruct(
            shards, new ShardMask(present.Bits), new ShardMask(wanted.Bits));
    }

    private Task<DriveResult<IShardReader>> OpenAsync(int position)
    {
        lock (_gate)
        {
            return _readers[position] ??= _partition.Drives[position].OpenShardAsync(Piece.Id).AsTask();
        }
    }

    private DriveFault Failed(int position, DriveFault fault)
    {
        if (fault is DriveFault.Corrupt or DriveFault.NotFound or DriveFault.Io)
        {
            lock (_gate)
            {
                Damaged = Damaged.With(position);
            }
        }

        return fault;
    }

    private async ValueTask ReleaseAsync()
    {
        // A drive may take long to open what nobody wants any more. A store that is closing takes no more work in the
        // background and waits for its callers instead, and its drives are not closed before their files.
        if (_holders.Release() && !_engine.Background.Start(_ => CloseAsync()))
        {
            await CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        foreach (Task<DriveResult<IShardReader>>? opening in _readers)
        {
            if (opening is not null && await opening is { IsOk: true } opened)
            {
                await opened.Value.DisposeAsync();
            }
        }
    }
}
