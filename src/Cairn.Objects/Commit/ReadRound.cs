using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Asks as many drives as a read needs; others when one fails, does not vote, or is late.</summary>
internal sealed class ReadRound(
    Partition partition, RegisterKey key, VersionId? slot, bool withInline, int votes, StoreEngine engine)
    : DriveRound<RegisterView>(partition, engine)
{
    private readonly StoreEngine _engine = engine;
    private PositionSet _others;
    private PositionSet _late;

    /// <summary>Waits for its votes up to the deadline, not just for the straggler delay.</summary>
    public bool IsPatient { get; init; } = true;

    /// <summary>Enough voting drives answered.</summary>
    public bool HasVotes { get; private set; }

    /// <summary>The same question once more, for whoever answers in reasonable time.</summary>
    public ReadRound Again(int wanted) => new(Partition, key, slot, withInline, wanted, _engine) { IsPatient = false };

    /// <param name="first">Asked at once.</param>
    /// <param name="others">May be asked instead.</param>
    public void Start(PositionSet first, PositionSet others)
    {
        _others = others;
        Ask(first);
    }

    /// <summary>Drives are late: asks as many others as votes are missing. To be repeated: those may be late, or fail, too.</summary>
    public void Hedge()
    {
        PositionSet more = default;
        lock (Gate)
        {
            if (IsDecided)
            {
                return;
            }

            PositionSet late = Outstanding - _late;
            _late |= late;
            foreach (int position in late)
            {
                Partition.Drives[position].Timing.NoteLate();
            }

            int missing = votes - CountVotes();
            foreach (int position in _others - Asked)
            {
                more = more.Count < missing ? more.With(position) : more;
            }
        }

        Ask(more);
    }

    protected override bool IsWrite => false;

    protected override ValueTask<DriveResult<RegisterView>> CallAsync(int position) =>
        Partition.Drives[position].ReadAsync(key, slot, withInline);

    protected override bool Assess()
    {
        HasVotes = CountVotes() >= votes;
        return HasVotes;
    }

    protected override PositionSet NextToAsk() => Outstanding.Count + CountVotes() < votes ? _others : default;

    protected override bool AssessLate(TimeSpan age) => !IsPatient;

    private int CountVotes()
    {
        int count = 0;
        foreach (int position in Answered)
        {
            count += IsVote(Replies[position]) ? 1 : 0;
        }

        return count;
    }

    private static bool IsVote(DriveResult<RegisterView> reply) => reply is { IsOk: true, Value.IsVoting: true };
}
