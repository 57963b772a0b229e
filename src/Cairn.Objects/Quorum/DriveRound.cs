using Cairn.Drives;
using Cairn.Objects.Partitions;

namespace Cairn.Objects.Quorum;

/// <summary>One question to several drives of a partition, answered as soon as enough of them have.</summary>
/// <remarks>
/// Purpose: the shape that all quorum calls share: ask, count, decide early, let the rest finish unobserved.
/// Invariants: IsDecided never goes back. Every asked drive is answered or, at the deadline, given up exactly once; an
/// answer after that is handed to OnLateAnswer.
/// Concurrency: answers arrive on any thread; all state is under one lock, and hooks that may call out run outside it.
/// </remarks>
internal abstract class DriveRound<TReply> : WatchedRound
{
    private readonly RoundWatch _watch;
    private readonly BackgroundWork _background;
    private readonly TimeSpan _deadline;
    private RoundPace _pace;
    private TaskCompletionSource? _waiter;

    protected DriveRound(Partition partition, StoreEngine engine)
    {
        Partition = partition;
        _watch = engine.Watch;
        _background = engine.Background;
        _deadline = engine.Options.DriveDeadline;
        _pace = new RoundPace(partition, engine.Environment.Time);
        Replies = new DriveResult<TReply>[partition.Width];
    }

    public Partition Partition { get; }

    protected Lock Gate { get; } = new();

    /// <summary>By position; meaningful where Answered.</summary>
    public DriveResult<TReply>[] Replies { get; }

    public PositionSet Asked { get; private set; }

    public PositionSet Answered { get; private set; }

    public PositionSet Outstanding => Asked - Answered;

    /// <summary>Answered in their stead when the deadline passed; their calls may still be under way.</summary>
    public PositionSet GivenUp { get; private set; }

    public bool IsDecided { get; private set; }

    /// <summary>Every asked drive was answered or given up.</summary>
    public bool IsFinished => IsDecided && Outstanding.IsEmpty;

    /// <summary>Asks drives that were not asked yet.</summary>
    protected void Ask(PositionSet positions)
    {
        PositionSet fresh;
        bool isFirst;
        lock (Gate)
        {
            fresh = positions - Asked;
            isFirst = Asked.IsEmpty;
            Asked |= fresh;
            if (isFirst)
            {
                _pace.Begin(fresh, IsWrite);
            }
        }

        foreach (int position in fresh)
        {
            _ = AskAsync(position);
        }

        bool isIdle;
        lock (Gate)
        {
            isIdle = Outstanding.IsEmpty;
            IsDecided |= isFirst && Asked.IsEmpty;
        }

        if (!isIdle)
        {
            _watch.Add(this);
            // The last answer may have come between the look and the addition.
            LeaveWatchIfIdle();
        }
    }

    /// <summary>Returns when the round is decided; at once when it is.</summary>
    /// <exception cref="OperationCanceledException">The caller gives up; the round goes on without it.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (Gate)
        {
            if (IsDecided)
            {
                return ValueTask.CompletedTask;
            }

            // Answers come on the drives' threads, which have other things to do than run our caller.
            waiter = _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return cancellationToken.CanBeCanceled
            ? WaitAsync(waiter, cancellationToken)
            : new ValueTask(waiter.Task);
    }

    public override void OnTime(TimeSpan age)
    {
        if (age >= _deadline)
        {
            foreach (int position in Outstanding)
            {
                Report(position, DriveFault.Timeout, isGivenUp: true);
            }
        }
        else
        {
            _pace.NoteWaiting(Outstanding, age);
            Settle(age);
        }
    }

    /// <summary>The drive must make something durable before it answers.</summary>
    protected abstract bool IsWrite { get; }

    protected abstract ValueTask<DriveResult<TReply>> CallAsync(int position);

    /// <summary>Under the lock, after every answer: whether the caller need not wait any more.</summary>
    protected abstract bool Assess();

    /// <summary>Under the lock, after an answer that did not decide: drives to ask instead.</summary>
    protected virtual PositionSet NextToAsk() => default;

    /// <summary>Under the lock, after the straggler delay: whether to go on without the rest.</summary>
    protected abstract bool AssessLate(TimeSpan age);

    /// <summary>Outside the lock: the last answer is in.</summary>
    protected virtual void OnFinished()
    {
    }

    /// <summary>Outside the lock: decided, and the straggler delay has passed without the rest.</summary>
    protected virtual void OnStraggling()
    {
    }

    /// <summary>Outside the lock: an answer in time.</summary>
    protected virtual void OnAnswer(int position, DriveResult<TReply> reply)
    {
    }

    /// <summary>Outside the lock: an answer after the drive had been given up.</summary>
    protected virtual void OnLateAnswer(int position, DriveResult<TReply> reply)
    {
    }

    /// <exception cref="OperationCanceledException">The caller gives up.</exception>
    protected static async ValueTask WaitAsync(TaskCompletionSource waiter, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter);
        await waiter.Task;
    }

    private async Task AskAsync(int position)
    {
        DriveResult<TReply> reply;
        try
        {
            reply = await CallAsync(position);
        }
#pragma warning disable CA1031 // Nobody awaits this call: a bug in a drive is kept for the end, and costs that drive.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _background.NoteFailure(failure);
            reply = DriveFault.Io;
        }

        Report(position, reply);
    }

    private void Report(int position, DriveResult<TReply> reply, bool isGivenUp = false)
    {
        bool isLate;
        bool isFinished = false;
        PositionSet next = default;
        TaskCompletionSource? waiter = null;
        lock (Gate)
        {
            isLate = Answered.Contains(position);
            if (!isLate)
            {
                Replies[position] = reply;
                Answered = Answered.With(position);
                GivenUp = isGivenUp ? GivenUp.With(position) : GivenUp;
                if (reply.IsOk)
                {
                    _pace.NoteAnswer(position);
                }

                bool isEnough = Assess();
                if (!IsDecided && !isEnough)
                {
                    next = NextToAsk() - Asked;
                    Asked |= next;
                }
                else
                {
                    waiter = Decide();
                }

                isFinished = Outstanding.IsEmpty;
                waiter = isFinished ? waiter ?? Decide() : waiter;
            }
        }

        if (isLate)
        {
            OnLateAnswer(position, reply);
            return;
        }

        waiter?.TrySetResult();
        OnAnswer(position, reply);
        foreach (int substitute in next)
        {
            _ = AskAsync(substitute);
        }

        if (isFinished)
        {
            _watch.Remove(this);
            OnFinished();
        }
    }

    private TaskCompletionSource? Decide()
    {
        IsDecided = true;
        return _waiter;
    }

    private void Settle(TimeSpan age)
    {
        TaskCompletionSource? waiter;
        bool isDecided;
        lock (Gate)
        {
            waiter = !IsDecided && AssessLate(age) ? Decide() : null;
            isDecided = IsDecided;
        }

        waiter?.TrySetResult();
        if (isDecided)
        {
            OnStraggling();
        }
    }

    private void LeaveWatchIfIdle()
    {
        bool isIdle;
        lock (Gate)
        {
            isIdle = Outstanding.IsEmpty;
        }

        if (isIdle)
        {
            _watch.Remove(this);
        }
    }
}
