using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>One proposal sent to the drives of its partition, and what became of it.</summary>
/// <remarks>
/// Invariants: IsChosen means that the write quorum of voting drives holds the proposal durably under its ballot; it
/// never goes back.
/// Once chosen, every drive that accepted is told so, with the names of those that missed it: when all have answered,
/// or after the straggler delay; a drive that accepts later is told when it does. This happens whether or not the
/// caller still waits.
/// </remarks>
internal sealed class AcceptRound : DriveRound<AcceptReply>
{
    private readonly CommitSender _commits;
    private bool _isCommitSent;

    public AcceptRound(Partition partition, Proposal proposal, CommitSender commits, StoreEngine engine)
        : base(partition, engine)
    {
        _commits = commits;
        Proposal = proposal;
        Began = engine.Environment.Time.GetTimestamp();
        Need = partition.WriteQuorumFor(proposal.DataShards);
    }

    public Proposal Proposal { get; }

    /// <summary>When it was sent first.</summary>
    public long Began { get; }

    /// <summary>
    /// The same proposal, sent before to drives of which some lacked its data. Who took it then has it, whatever it
    /// answers now: it may have promised a higher ballot in between, or be gone.
    /// </summary>
    public AcceptRound? Earlier { get; init; }

    /// <summary>Votes that choose the proposal.</summary>
    public int Need { get; }

    /// <summary>Drives that hold it, voting or not.</summary>
    public PositionSet Accepted { get; private set; }

    public PositionSet Votes { get; private set; }

    /// <summary>Drives that answered and do not hold it, or were not asked.</summary>
    public PositionSet Without
    {
        get
        {
            PositionSet without = Partition.All - Asked;
            foreach (int position in Answered - Accepted)
            {
                if (IsSurelyNotTaken(position))
                {
                    without = without.With(position);
                }
            }

            return Earlier is null ? without : without & Earlier.Without;
        }
    }

    /// <summary>The promise for which a drive refused it; zero where it did not.</summary>
    public Ballot RefusalOf(int position) =>
        Answered.Contains(position) && Replies[position] is { IsOk: true, Value: { IsAccepted: false, Highest: var highest } }
            ? highest
            : Ballot.Zero;

    public bool IsChosen => Votes.Count >= Need;

    /// <summary>Nobody holds it and nobody will: the attempt left nothing behind.</summary>
    public bool IsWithoutTrace => Without == Partition.All;

    /// <summary>The highest ballot that a refusal named.</summary>
    public Ballot Highest { get; private set; }

    public bool IsBucketClosed { get; private set; }

    public bool IsFull { get; private set; }

    /// <summary>A drive refused because the layout that the proposal was made by is over.</summary>
    public bool IsFenced { get; private set; }

    /// <summary>Drives that would have taken it but lack its data.</summary>
    public PositionSet LackingShards { get; private set; }

    public void Start()
    {
        PositionSet preferred = Proposal.Positions & Partition.Writable();
        Ask(preferred.Count >= Need ? preferred : Proposal.Positions & Partition.WritableAtAll());
    }

    protected override bool IsWrite => true;

    protected override ValueTask<DriveResult<AcceptReply>> CallAsync(int position) =>
        Partition.Drives[position].AcceptAsync(Proposal.RequestFor(position));

    protected override bool Assess()
    {
        PositionSet accepted = default;
        PositionSet votes = default;
        foreach (int position in Answered)
        {
            DriveResult<AcceptReply> reply = Replies[position];
            if (!reply.IsOk)
            {
                IsFull |= reply.Fault == DriveFault.Full;
                IsFenced |= reply.Fault == DriveFault.Fenced;
                if (reply.Fault == DriveFault.NotFound)
                {
                    LackingShards = LackingShards.With(position);
                }

                continue;
            }

            if (reply.Value.IsAccepted)
            {
                accepted = accepted.With(position);
                votes = reply.Value.IsVoting || Partition.Drives[position].IsRestedFor(Proposal.Key) ? votes.With(position) : votes;
            }
            else
            {
                IsBucketClosed |= reply.Value.IsBucketClosed;
                Highest = reply.Value.Highest > Highest ? reply.Value.Highest : Highest;
            }
        }

        Accepted = accepted;
        Votes = votes;
        return IsChosen;
    }

    // Drives that were set aside are asked before the write fails.
    protected override PositionSet NextToAsk() =>
        Votes.Count + Outstanding.Count < Need ? Proposal.Positions & Partition.WritableAtAll() : default;

    // While it may still be chosen there is something to wait for, up to the deadline.
    protected override bool AssessLate(TimeSpan age) => Votes.Count + Outstanding.Count < Need;

    protected override void OnFinished() => CommitIfChosen();

    protected override void OnStraggling() => CommitIfChosen();

    protected override void OnLateAnswer(int position, DriveResult<AcceptReply> reply) =>
        TellLate(position, reply);

    protected override void OnAnswer(int position, DriveResult<AcceptReply> reply) => TellLate(position, reply);

    private bool IsSurelyNotTaken(int position) => Replies[position].Fault switch
    {
        DriveFault.None => !Replies[position].Value.IsAccepted,
        DriveFault.Full or DriveFault.Busy or DriveFault.Fenced => true,

        // Of two drives in the position one lacks the data; the other may have taken the value.
        DriveFault.NotFound => !Partition.Drives[position].IsJoint,
        _ => false,
    };

    private void CommitIfChosen()
    {
        PositionSet holders;
        lock (Gate)
        {
            if (_isCommitSent || !IsChosen)
            {
                return;
            }

            _isCommitSent = true;
            holders = Accepted;
        }

        _commits.Send(Partition, Proposal, holders);
    }

    private void TellLate(int position, DriveResult<AcceptReply> reply)
    {
        if (!reply.IsOk || !reply.Value.IsAccepted)
        {
            return;
        }

        bool isTold;
        lock (Gate)
        {
            isTold = _isCommitSent;
        }

        if (isTold)
        {
            _commits.SendLate(Partition, Proposal, position);
        }
    }
}
