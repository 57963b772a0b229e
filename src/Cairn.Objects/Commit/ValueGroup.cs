using Cairn.Drives.Registers;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>One value of a slot, and who was heard to hold it, under whatever ballot.</summary>
/// <remarks>
/// Entries are added from the highest ballot down. A value that was accepted again under a higher ballot is still the
/// same value: drives that hold it under the lower one count for it, or a chosen value could look as if too few had it.
/// </remarks>
internal sealed class ValueGroup(RegisterEntry entry)
{
    /// <summary>The value under its highest ballot.</summary>
    public RegisterEntry Entry { get; } = entry;

    public Ballot Ballot => Entry.Ballot;

    /// <summary>The value under the highest ballot under which a drive knows that it was chosen; null when none does.</summary>
    public RegisterEntry? Committed { get; private set; }

    public bool IsCommitted => Committed is not null;

    /// <summary>Voting drives that hold the value.</summary>
    public PositionSet Voters { get; private set; }

    /// <summary>Voting drives that hold the value under Entry's ballot.</summary>
    public PositionSet VotersAtBallot { get; private set; }

    /// <summary>All drives that hold the value.</summary>
    public PositionSet Holders { get; private set; }

    public bool IsSameValue(RegisterEntry other) =>
        Entry.Birth == other.Birth
        && Entry.IsRemoved == other.IsRemoved
        && (Entry.Ballot == other.Ballot
            || (Entry.Body.Span.SequenceEqual(other.Body.Span) && Entry.Data.SequenceEqual(other.Data)));

    public void Add(HeldEntry held)
    {
        Holders = Holders.With(held.Position);
        Committed ??= held.Entry.IsCommitted ? held.Entry : null;
        if (held.IsVoting)
        {
            bool isVote = held.Entry.Ballot == Entry.Ballot && !held.IsHalf;
            Voters = Voters.With(held.Position);
            VotersAtBallot = isVote ? VotersAtBallot.With(held.Position) : VotersAtBallot;
        }
    }
}
