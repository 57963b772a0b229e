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
/// (HearRestAsync); these are then waited for to the deadline.
/// </remarks>
internal sealed class PrepareRound(
    Partition partition, RegisterKey key, Ballot ballot, VersionId? slot, StoreEngine engine)
    : DriveRound<PrepareReply>(partition, engine)
{
    private readonly StoreEngine _engine = engine;
    private bool _isPatient;

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

    /// <summary>Asks the drives that are set aside too, under the same ballot, and adds what they hold.</summary>
    /// <returns>False when none of them answered.</returns>
    public async ValueTask<bool> HearRestAsync(ReplicaViews views, CancellationToken cancellationToken)
    {
        PositionSet rest = Partition.ReachableAtAll() - Asked;
        if (rest.IsEmpty)
        {
            return false;
        }

        PrepareRound round = new(Partition, key, ballot, slot, _engine) { _isPatient = true };
        round.Ask(rest);
        await round.WaitAsync(cancellationToken);
        int before = views.Heard.Count;
        round.AddTo(views);
        return views.Heard.Count > before;
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
        !_isPatient && CountPromises() + Outstanding.Count < Partition.ReadQuorum ? Partition.ReachableAtAll() : default;

    protected override bool AssessLate(TimeSpan age)
    {
        int promises = CountPromises();
        return !_isPatient && (promises >= Partition.ReadQuorum || promises + Outstanding.Count < Partition.ReadQuorum);
    }

    private void AddTo(ReplicaViews views)
    {
        lock (Gate)
        {
            foreach (int position in Answered)
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
