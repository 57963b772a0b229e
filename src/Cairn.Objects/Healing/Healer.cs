using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Healing;

/// <summary>Restores what drives lack: after an absence from the others' journals, after a replacement from everything.</summary>
/// <remarks>
/// Purpose: one loop that sleeps until there is a reason: a drive missed a write, a read met damage, a drive is
/// recovering, or the store has just started. While a drive that lacks something is away, it looks once a second
/// whether the drive has come back; otherwise an idle store stays idle.
/// Steps of a rebuild: (1) wait until every operation that counted on the predecessor's promises has ended; (2) walk all
/// registers and bring what is missing; (3) work off the journals; (4) only if nothing was left undone, let it vote.
/// Invariants: a drive votes again only when every chosen value was read back from it; a journal line is struck only
/// when its register was read back whole on the drive.
/// Failure: all steps can be started over; a store that stops forgets only the count.
/// </remarks>
internal sealed class Healer
{
    private const int JournalPage = 256;
    private const int ConcurrentRepairs = 16;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    private readonly StoreEngine _engine;
    private readonly RegisterRepairer _repairer;
    private readonly RegisterWalk _walk;
    private readonly DriveHealingState[] _drives;
    private readonly HealingPace _pace;
    private readonly Lock _gate = new();
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isSweepWanted;
    private long _repaired;

    public Healer(StoreEngine engine)
    {
        _engine = engine;
        _repairer = new RegisterRepairer(engine);
        _walk = new RegisterWalk(engine);
        _pace = new HealingPace(engine);
        _drives = [.. engine.Drives.Select(drive => new DriveHealingState(drive, engine.Environment.Time))];
        engine.Repairs.Added = Wake;
        engine.Commits.Missed = drive =>
        {
            if (!_drives[drive.Index].IsSuspected)
            {
                _drives[drive.Index].IsSuspected = true;
                Wake();
            }
        };
    }

    /// <summary>Begins; ends with the engine's background work.</summary>
    public void Start()
    {
        // A crash leaves writes whose drives have not been told what became of them, nor who missed them.
        _isSweepWanted = _engine.Drives.Any(drive => drive.Drive is { WasUnclean: true });
        _engine.Background.Start(RunAsync);
    }

    public HealingStatus GetStatus() => new(
        [.. _drives.Select(drive => drive.ToStatus())], _engine.Repairs.Count, Volatile.Read(ref _repaired));

    /// <summary>Goes through everything once, and makes certain what a crash has left open.</summary>
    public void RequestSweep()
    {
        _isSweepWanted = true;
        Wake();
    }

    private void Wake()
    {
        lock (_gate)
        {
            _wake.TrySetResult();
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _wake = woken;
            }

            bool isDone = await StepAsync(stopping);
            await WaitAsync(woken, isDone ? Timeout.InfiniteTimeSpan : PauseBeforeNextLook(), stopping);
        }
    }

    private TimeSpan PauseBeforeNextLook() =>
        _drives.Any(drive => drive.Failed == 0 && drive.Phase == HealingPhase.Waiting) ? LookAgain : AfterFailure;

    private async Task WaitAsync(TaskCompletionSource woken, TimeSpan limit, CancellationToken stopping)
    {
        using ITimer timer = _engine.Environment.Time.CreateTimer(
            static state => ((TaskCompletionSource)state!).TrySetResult(), woken, limit, Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration registration = stopping.UnsafeRegister(
            static state => ((TaskCompletionSource)state!).TrySetResult(), woken);
        await woken.Task;
    }

    /// <returns>Whether nothing is left to be done.</returns>
    private async Task<bool> StepAsync(CancellationToken stopping)
    {
        await RepairQueuedAsync(stopping);
        bool isDone = true;
        foreach (DriveHealingState drive in _drives)
        {
            isDone &= await HealAsync(drive, stopping);
        }

        if (_isSweepWanted)
        {
            _isSweepWanted = !await SweepAsync(stopping);
            isDone &= !_isSweepWanted;
        }

        return isDone && _engine.Repairs.Count == 0;
    }

    private async Task RepairQueuedAsync(CancellationToken stopping)
    {
        for (int left = _engine.Repairs.Count; left > 0 && _engine.Repairs.TryTake(out RepairTicket ticket); left--)
        {
            RepairOutcome outcome = await _repairer.RepairAsync(ticket.Key, ticket.Slot, notesAbsent: false, stopping);
            if (!outcome.Whole.IsEmpty)
            {
                Interlocked.Increment(ref _repaired);
            }

            await _pace.WaitAsync(stopping);
        }
    }

    private async Task<bool> HealAsync(DriveHealingState state, CancellationToken stopping)
    {
        switch (state.Drive.State)
        {
            case DriveState.Recovering:
                return await RebuildAsync(state, stopping);
            case DriveState.Online:
                state.RecoveringSince = null;
                if (state.IsSuspected)
                {
                    return await CatchUpAsync(state, stopping);
                }

                return true;
            default:
                // It may come back emptied: then it has been away long enough to start counting anew.
                state.RecoveringSince = null;
                state.IsSuspected = true;
                state.Enter(HealingPhase.Waiting);
                return false;
        }
    }

    private async Task<bool> RebuildAsync(DriveHealingState state, CancellationToken stopping)
    {
        // (1)
        TimeProvider time = _engine.Environment.Time;
        state.RecoveringSince ??= time.GetTimestamp();
        TimeSpan seen = time.GetElapsedTime(state.RecoveringSince.Value);
        if (seen < _engine.Options.OperationDeadline)
        {
            state.Enter(HealingPhase.Waiting);
            return false;
        }

        // (2)
        state.Enter(HealingPhase.Rebuilding);
        state.Restart();
        state.ExpectedBytes = await EstimateAsync(state.Drive);
        DriveState before = state.Drive.State;
        bool isComplete = await WalkAsync(key => IsOn(key, state.Drive), state, stopping);

        // (3), (4)
        isComplete = isComplete && await CatchUpAsync(state, stopping);
        if (isComplete && before == state.Drive.State && await state.Drive.EndRecoveryAsync() == DriveFault.None)
        {
            state.Enter(HealingPhase.Whole);
            return true;
        }

        return false;
    }

    private async Task<bool> SweepAsync(CancellationToken stopping)
    {
        DriveHealingState nobody = new(_engine.Drives[0], _engine.Environment.Time);
        return await WalkAsync(_ => true, nobody, stopping);
    }

    /// <summary>Walks all registers and repairs those that are not whole, several at once.</summary>
    private async Task<bool> WalkAsync(
        Func<RegisterKey, bool> concerns, DriveHealingState state, CancellationToken stopping)
    {
        Queue<Task> running = [];
        bool isComplete = await _walk.RunAsync(
            async (key, isWhole) =>
            {
                if (isWhole || !concerns(key))
                {
                    state.Count(isRepaired: false, isFailed: false, 0);
                    return;
                }

                running.Enqueue(RepairAsync(key, state, stopping));
                while (running.Count >= ConcurrentRepairs)
                {
                    await running.Dequeue();
                    await _pace.WaitAsync(stopping);
                }
            },
            stopping);
        while (running.TryDequeue(out Task? repair))
        {
            await repair;
        }

        return isComplete && state.Failed == 0;
    }

    private async Task RepairAsync(RegisterKey key, DriveHealingState state, CancellationToken stopping)
    {
        RepairOutcome outcome = await _repairer.RepairAsync(key, null, notesAbsent: true, stopping);
        bool isWhole = IsWholeOn(outcome, key, state.Drive);
        state.Count(isWhole, !isWhole, outcome.Bytes);
    }

    private async Task<bool> CatchUpAsync(DriveHealingState state, CancellationToken stopping)
    {
        // Lowered first: a write that is missed while this goes on raises it again.
        state.IsSuspected = false;
        bool isDone = true;
        foreach (DriveHandle holder in _engine.Drives)
        {
            isDone &= await CatchUpAsync(state, holder, stopping);
        }

        if (!isDone)
        {
            state.IsSuspected = true;
            state.Enter(HealingPhase.Waiting);
        }
        else if (state.Phase != HealingPhase.Rebuilding)
        {
            state.Enter(HealingPhase.Whole);
        }

        return isDone;
    }

    /// <summary>Works off one journal's lines about a drive; a drive's lines about itself name what it lost.</summary>
    private async Task<bool> CatchUpAsync(DriveHealingState state, DriveHandle holder, CancellationToken stopping)
    {
        RegisterKey? after = null;
        bool isDone = true;
        while (true)
        {
            DriveResult<IReadOnlyList<MissedWrite>> lines = await holder.ListMissedAsync(state.Drive.Id, after, JournalPage);
            if (!lines.IsOk)
            {
                // Its lines are read when it is back; being away it is suspected itself.
                return isDone && lines.Fault == DriveFault.Offline;
            }

            if (lines.Value.Count == 0)
            {
                return isDone;
            }

            if (state.Phase != HealingPhase.Rebuilding)
            {
                state.Enter(HealingPhase.CatchingUp);
            }

            foreach (IGrouping<RegisterKey, MissedWrite> register in lines.Value.GroupBy(line => line.Key))
            {
                isDone &= await RepairMissedAsync(state, holder, register.Key, [.. register], stopping);
                after = register.Key;
            }
        }
    }

    private async Task<bool> RepairMissedAsync(
        DriveHealingState state,
        DriveHandle holder,
        RegisterKey key,
        IReadOnlyList<MissedWrite> lines,
        CancellationToken stopping)
    {
        RepairOutcome outcome = await _repairer.RepairAsync(key, null, notesAbsent: false, stopping);
        bool isWhole = !IsOn(key, state.Drive) || IsWholeOn(outcome, key, state.Drive);
        state.Count(isWhole, !isWhole, outcome.Bytes);
        if (isWhole)
        {
            _ = await holder.ClearMissedAsync(lines);
        }

        await _pace.WaitAsync(stopping);
        return isWhole;
    }

    private bool IsOn(RegisterKey key, DriveHandle drive) => _engine.PartitionOf(key).Drives.Contains(drive);

    private bool IsWholeOn(RepairOutcome outcome, RegisterKey key, DriveHandle drive)
    {
        Partition partition = _engine.PartitionOf(key);
        int position = Array.IndexOf(partition.Drives, drive);
        return position >= 0 && outcome.Whole.Contains(position);
    }

    /// <summary>What the fullest other drive holds.</summary>
    private async Task<long?> EstimateAsync(DriveHandle drive)
    {
        long? most = null;
        foreach (DriveHandle other in _engine.Drives)
        {
            if (other != drive && await other.StatAsync() is { IsOk: true } stat)
            {
                most = Math.Max(most ?? 0, stat.Value.TotalBytes - stat.Value.FreeBytes);
            }
        }

        return most;
    }
}
