using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Tells drives, behind the caller's back, that a value is chosen; and clears away what a removal leaves.</summary>
/// <remarks>
/// Purpose: a commit is never needed for safety, only for speed (reads in one round trip) and order (old values go).
/// Steps: (1) commit to the drives that hold the value, with the names of those that missed it, which the drives note in
/// their journals; (2) for a removal that every drive of the partition has taken: forget (Forgetting).
/// Failure: a commit that is lost leaves a pending entry, which the next reader or PendingWatch makes certain again.
/// A tombstone that misses a drive stays until healing has brought it there.
/// Concurrency: any caller. Bounded: AdmitAsync holds new writes back while too many commits are under way.
/// </remarks>
internal sealed class CommitSender(BackgroundWork background, QuorumOptions options)
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private int _underWay;

    /// <summary>Told of every drive that missed a write.</summary>
    public Action<DriveHandle>? Missed { get; set; }

    /// <summary>Waits while the backlog is full.</summary>
    public async ValueTask AdmitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource waiter;
            lock (_gate)
            {
                if (_underWay < options.CommitBacklog)
                {
                    return;
                }

                waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Enqueue(waiter);
            }

            await using CancellationTokenRegistration registration =
                cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken));
            await waiter.Task;
        }
    }

    /// <summary>The proposal is chosen; these positions hold it and all others missed it.</summary>
    public void Send(Partition partition, Proposal proposal, PositionSet holders)
    {
        PositionSet missing = partition.All - holders;
        CommitRequest request = new(proposal.Key, proposal.Slot, proposal.Ballot, Tell(partition, missing));
        Start(partition, request, holders, proposal.IsRemoved && missing.IsEmpty);
    }

    /// <summary>A chosen entry that a reader found not yet committed, and whose coordinator is gone.</summary>
    /// <remarks>
    /// Once it is committed nothing tells any more that somebody may lack it. So drives that were not heard to have it are
    /// named as those that missed it; healing looks before it brings anything.
    /// </remarks>
    public void SendFound(Partition partition, RegisterKey key, ValueGroup group)
    {
        PositionSet missing = partition.All - group.VotersAtBallot;
        Start(
            partition,
            new CommitRequest(key, group.Entry.Slot, group.Ballot, Tell(partition, missing)),
            group.VotersAtBallot,
            group.Entry.IsRemoved && missing.IsEmpty);
    }

    /// <summary>A drive accepted after the others had been told that it missed the value.</summary>
    public void SendLate(Partition partition, Proposal proposal, int position) => Start(
        partition,
        new CommitRequest(proposal.Key, proposal.Slot, proposal.Ballot, []),
        PositionSet.Of(position),
        isForgotten: false);

    private DriveId[] Tell(Partition partition, PositionSet missing)
    {
        if (missing.IsEmpty)
        {
            return [];
        }

        List<DriveId> missed = new(missing.Count);
        foreach (int position in missing)
        {
            foreach (DriveReplica member in partition.Drives[position].Members)
            {
                missed.Add(member.Id);
                Missed?.Invoke(member.Drive);
            }
        }

        return [.. missed];
    }

    private void Start(Partition partition, CommitRequest request, PositionSet holders, bool isForgotten)
    {
        if (!background.TryBegin())
        {
            return;
        }

        lock (_gate)
        {
            _underWay++;
        }

        _ = SendAsync(partition, request, holders, isForgotten);
    }

    private async Task SendAsync(Partition partition, CommitRequest request, PositionSet holders, bool isForgotten)
    {
        try
        {
            // (1)
#pragma warning disable CA2012 // All are started before the first is awaited; each is awaited once.
            ValueTask<DriveFault>[] calls = new ValueTask<DriveFault>[holders.Count];
            int count = 0;
            foreach (int position in holders)
            {
                calls[count++] = partition.Drives[position].CommitAsync(request);
            }

            bool isEverywhere = true;
            foreach (ValueTask<DriveFault> call in calls)
            {
                isEverywhere &= await call == DriveFault.None;
            }
#pragma warning restore CA2012

            // (2)
            if (isForgotten && isEverywhere)
            {
                await Forgetting.TryAsync(partition, request.Key, request.Slot, request.Ballot);
            }
        }
        finally
        {
            Done();
        }
    }

    private void Done()
    {
        TaskCompletionSource? next = null;
        lock (_gate)
        {
            _underWay--;
            while (_waiting.TryDequeue(out next) && next.Task.IsCompleted)
            {
                next = null;
            }
        }

        next?.TrySetResult();
        background.End();
    }
}
