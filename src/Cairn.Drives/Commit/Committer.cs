using System.Threading.Channels;
using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Reading;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using Cairn.Primitives.Scheduling;

namespace Cairn.Drives.Commit;

/// <summary>The one writer of a drive's index: gathers what is queued into a batch, makes it durable, answers all.</summary>
/// <remarks>
/// Purpose: one order for all changes, so that check-and-set needs no lock; and one fsync for many callers.
/// Steps: (1) take what is queued, up to a bound; (2) evaluate each operation against the index and the changes before
/// it in the batch; (3) write the batch durably; (4) let go of shard files nobody refers to; (5) answer everyone.
/// Concurrency: any caller may submit; one loop does the rest but (5), which goes on beside the next batch.
/// Failure: an operation that meets a bad row fails alone. A failed write poisons the drive: what the index holds is
/// then unknown, and everyone in the batch and behind it is told so. For want of room it is the same, but whoever comes
/// later is told of that.
/// </remarks>
internal sealed class Committer : IAsyncDisposable
{
    private const int MostTaken = 64;

    private readonly Channel<DriveOperation> _queue;
    private readonly Channel<List<DriveOperation>> _answers = Channel.CreateUnbounded<List<DriveOperation>>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly IDriveIndex _index;
    private readonly DriveStanding _standing;
    private readonly ShardFiles _files;
    private readonly SpaceGuard _space;
    private readonly LocalDriveOptions _options;
    private readonly BatchScope _scope;
    private readonly IndexBatch _batch = new();
    private readonly IWorkScheduler _scheduler;
    private readonly List<DriveOperation> _taken = [];
    private List<DriveOperation> _gathered = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _queuedBytes;

    public Committer(
        LocalDriveParts parts, HeadCache heads, DriveStanding standing, ShardFiles files, SpaceGuard space)
    {
        _index = parts.Index;
        _scheduler = parts.Scheduler;
        _options = parts.Options;
        _standing = standing;
        _files = files;
        _space = space;
        Pending = new PendingSlots(parts.Time);
        _scope = new BatchScope(parts.Index, heads, standing, files, Pending);
        _queue = Channel.CreateBounded<DriveOperation>(new BoundedChannelOptions(_options.MaxQueuedOperations)
        {
            SingleReader = true,
        });
    }

    /// <summary>Of the batches that were written.</summary>
    public PendingSlots Pending { get; }

    /// <summary>Told about faults of the device, so that somebody looks whether it is still there.</summary>
    public required Action<DriveIoException> OnFault { get; init; }

    public void Start()
    {
        _scheduler.Start(RunAsync);
        _scheduler.Start(AnswerAllAsync);
    }

    /// <summary>Queues an operation, or fails it at once.</summary>
    public void Submit(DriveOperation operation)
    {
        if (_standing.State is DriveState.Offline or DriveState.Poisoned)
        {
            operation.Fail(Refusal());
            return;
        }

        int size = operation.SizeBytes;
        if (Interlocked.Add(ref _queuedBytes, size) > _options.MaxQueuedBytes || !_queue.Writer.TryWrite(operation))
        {
            Interlocked.Add(ref _queuedBytes, -size);
            operation.Fail(_standing.State == DriveState.Offline ? DriveFault.Offline : DriveFault.Busy);
        }
    }

    /// <summary>Takes no more operations, and ends when those queued are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopped.Task;
    }

    private DriveFault Refusal() => _standing.State switch
    {
        DriveState.Poisoned => _space.IsFull ? DriveFault.Full : DriveFault.Poisoned,
        _ => DriveFault.Offline,
    };

    private async Task RunAsync()
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                await GatherAsync();
                await CommitAsync();
            }
        }
        finally
        {
            _answers.Writer.Complete();
        }
    }

    // (1) and (2)
    private async ValueTask GatherAsync()
    {
        _scope.Clear();
        while (TryTake())
        {
            await _scope.PreloadAsync(_taken);
            foreach (DriveOperation operation in _taken)
            {
                if (await EvaluateAsync(operation))
                {
                    _gathered.Add(operation);
                }
            }
        }
    }

    // Several at a time, which read together what they need.
    private bool TryTake()
    {
        long bytes = _scope.SizeBytes;
        _taken.Clear();
        while (_taken.Count < MostTaken
            && _gathered.Count + _taken.Count < _options.MaxBatchOperations
            && bytes < _options.MaxBatchBytes
            && _queue.Reader.TryRead(out DriveOperation? operation))
        {
            Interlocked.Add(ref _queuedBytes, -operation.SizeBytes);
            bytes += operation.SizeBytes;
            _taken.Add(operation);
        }

        return _taken.Count != 0;
    }

    private async ValueTask<bool> EvaluateAsync(DriveOperation operation)
    {
        if (_standing.State == DriveState.Poisoned)
        {
            operation.Fail(DriveFault.Poisoned);
            return false;
        }

        _scope.BeginOperation();
        try
        {
            if (operation.NeedsRoom && await _space.IsFullAsync(operation.SizeBytes))
            {
                operation.Fail(DriveFault.Full);
                return false;
            }

            await operation.EvaluateAsync(_scope);
            return true;
        }
        catch (DriveIoException e)
        {
            _scope.Rollback();
            operation.Fail(e.Fault);
            OnFault(e);
            return false;
        }
    }

    // (3) to (5)
    private async ValueTask CommitAsync()
    {
        try
        {
            if (!_scope.IsEmpty)
            {
                _batch.Clear();
                _scope.BeginWrite(_batch);
                await _index.WriteAsync(_batch);
                _scope.EndWrite();
            }
        }
        catch (DriveIoException e)
        {
            bool isFull = e.Fault == DriveFault.Full;
            if (isFull)
            {
                _space.NoteFull();
            }

            _standing.Poison();
            _scope.AbandonWrite();
            foreach (DriveOperation operation in _gathered)
            {
                // Full says that surely nothing was written. A sync that found no room may leave the batch in the log.
                operation.Fail(isFull ? DriveFault.Poisoned : e.Fault);
            }

            _gathered.Clear();
            OnFault(e);
            return;
        }

        foreach (DataId data in _scope.NamedFiles)
        {
            _files.MarkNamed(data);
        }

        foreach (DataId data in _scope.DroppedFiles)
        {
            _files.StartRemoval(data);
        }

        Answer();
    }

    private void Answer()
    {
        if (_gathered.Count != 0)
        {
            _answers.Writer.TryWrite(_gathered);
            _gathered = [];
        }
    }

    // Those who waited go on within their answers: beside the next batch, not before it, and batch after batch.
    private async Task AnswerAllAsync()
    {
        while (await _answers.Reader.WaitToReadAsync())
        {
            while (_answers.Reader.TryRead(out List<DriveOperation>? answered))
            {
                foreach (DriveOperation operation in answered)
                {
                    operation.Complete();
                }
            }
        }

        _stopped.SetResult();
    }
}
