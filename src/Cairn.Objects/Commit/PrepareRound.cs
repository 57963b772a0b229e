using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Data;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Phase 1: asks all drives of a partition for a promise, and for what they hold.</summary>
/// <remarks>
/// Waits for every drive that answers in reasonable time and not just for R: the fewer drives are unheard, the fewer
/// values look as if they might have been chosen.
/// </remarks>
internal sealed class PrepareRound(
    Partition partition, RegisterKey key, Ballot ballot, VersionId? slot, StoreEngine engine)
    : DriveRound<PrepareReply>(partition, engine)
{
    private readonly IRecordPieces _records = engine.Records;

    public Ballot Ballot => ballot;

    /// <summary>The highest ballot that a refusal named.</summary>
    public Ballot Highest { get; private set; }

    public void Start() => Ask(Partition.Reachable());

    public ReplicaViews ToViews()
    {
        ReplicaViews views = new(key, slot, Partition, _records) { IsPromised = true };
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

        return views;
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
