using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Phase 1: asks all drives of a partition for a promise, and for what they hold.</summary>
/// <remarks>
/// Waits for every drive that answers in reasonable time and not just for R: the fewer drives are unheard, the fewer
/// values look as if they might have been chosen. Drives that are set aside are left out, until their answers are needed
/// (HearMoreAsync); these, and those that were too slow, are then waited for to the deadline.
/// </remarks>
internal sealed class PrepareRound(
    Partition partition, RegisterKey key, Ballot ballot, VersionId? slot, StoreEngine engine)
    : DriveRound<PrepareReply>(partition, engine)
{
    private readonly StoreEngine _engine = engine;
    private TaskCompletionSource? _nextAnswer;

    public Ballot Ballot => ballot;

    /// <summary>The highest ballot that a refusal named.</summary>
    public Ballot Highest { get; private set; }

    public void Start() => Ask(Partition.Reachable());

    public ReplicaViews ToViews()
    {
        ReplicaViews views = new(key, slot, Partition, _engine.Records) { IsPromised = true };
        AddTo(views);
        return views;
    }

    /// <summary>Waits for one more drive of those that were too slow or are set aside, and adds what it holds.</summary>
    /// <returns>False when none is left that may answer, or another ballot was higher.</returns>
    public async ValueTask<bool> HearMoreAsync(ReplicaViews views, CancellationToken cancellationToken)
    {
        Ask(Partition.ReachableAtAll());
        int heard = views.Heard.Count;
        while (true)
        {
            TaskCompletionSource answer;
            lock (Gate)
            {
                AddTo(views);
                if (views.Heard.Count > heard || Outstanding.IsEmpty || Highest > Ballot)
                {
                    return views.Heard.Count > heard;
                }

                answer = _nextAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            await WaitAsync(answer, cancellationToken);
        }
    }

    protected override bool IsWrite => true;

    protected override ValueTask<DriveResult<PrepareReply>> CallAsync(int position) =>
        Partition.Drives[position].PrepareAsync(key, ballot, slot);

    protected override bool Assess()
    {
        foreach (int position in Answered)
        {
            if (Replies[position] is { IsOk: true, Value: { IsPromised: false } refusal } && refusal.Highest > Highest)
            {
                Highest = refusal.Highest;
            }
        }

        return false;
    }

    // Drives that were set aside are asked before the quorum is given up.
    protected override PositionSet NextToAsk() =>
        CountPromises() + Outstanding.Count < Partition.ReadQuorum ? Partition.ReachableAtAll() : default;

    protected override bool AssessLate(TimeSpan age)
    {
        int promises = CountPromises();
        return promises >= Partition.ReadQuorum || promises + Outstanding.Count < Partition.ReadQuorum;
    }

    protected override void OnAnswer(int position, DriveResult<PrepareReply> reply)
    {
        TaskCompletionSource? answer;
        lock (Gate)
        {
            answer = _nextAnswer;
        }

        answer?.TrySetResult();
    }

    private void AddTo(ReplicaViews views)
    {
        lock (Gate)
        {
            foreach (int position in Answered - views.Heard)
            {
                if (Replies[position] is { IsOk: true, Value: { IsPromised: true, View: { } view } })
                {
                    views.Add(position, view);
                }
            }
        }
    }

    private int CountPromises()
    {
        int promises = 0;
        foreach (int position in Answered)
        {
            promises += Replies[position] is { IsOk: true, Value: { IsPromised: true, View.IsVoting: true } } ? 1 : 0;
        }

        return promises;
    }
}
