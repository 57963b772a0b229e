using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Brings one register to the same, certain state on all drives of its partition that answer.</summary>
/// <remarks>
/// Steps: (1) read what every drive holds; (2) make open slots certain and clear away what was never chosen; (3) lowest
/// ballot first, give each drive the entries it lacks, shards before entries, and commit them; (4) with a suspicion,
/// read the shards of that version on every drive and replace the damaged; (5) read back what every drive holds, and
/// every shard that was written: only what was read back counts as whole; (6) tombstones that all drives hold are
/// forgotten.
/// A chosen entry is brought under its own ballot. A drive that has promised more by now refuses it: then the slot is
/// accepted again by all under a new ballot, which no drive refuses.
/// Failure: may stop anywhere and be started over; nothing is taken away from a drive but what was never chosen, and
/// damaged shards.
/// </remarks>
internal sealed class RegisterRepairer(StoreEngine engine)
{
    private const int MaxRounds = 4;

    // A coordinator that is alive finishes within it; older pending values are nobody's.
    private static readonly TimeSpan OrphanAge = TimeSpan.FromSeconds(2);

    private readonly RegisterSettler _settler = engine.Quorum.Settler;
    private readonly ShardMender _mender = new(engine);

    /// <param name="key">The register.</param>
    /// <param name="suspect">A version whose shards are to be read on all drives.</param>
    /// <param name="notesAbsent">Journal what drives that do not answer lack, since nobody else may have.</param>
    /// <param name="cancellationToken">Leaves a state from which it can be started over.</param>
    public async ValueTask<RepairOutcome> RepairAsync(
        RegisterKey key, VersionId? suspect, bool notesAbsent, CancellationToken cancellationToken)
    {
        Partition partition = engine.PartitionOf(key);
        long bytes = 0;
        PositionSet sound = partition.All;
        for (int round = 0; round < MaxRounds; round++)
        {
            // (1), and on a later turn (5)
            cancellationToken.ThrowIfCancellationRequested();
            RegisterHoldings holdings = await RegisterHoldings.ReadAsync(engine, key);
            if (!holdings.Views.HasQuorum)
            {
                break;
            }

            // (2)
            if (FindOpen(holdings.Views) is { } open)
            {
                if (open.IsYoung || !await _settler.ClearAsync(key, open.Slot, cancellationToken))
                {
                    break;
                }

                continue;
            }

            List<ValueGroup> winners = WinnersOf(holdings.Views);
            PositionSet whole = holdings.Heard & sound;
            foreach (ValueGroup winner in winners)
            {
                // (3)
                foreach (int position in holdings.Heard)
                {
                    if (holdings.Find(position, winner.Entry.Slot, winner.Ballot) is not { IsCommitted: true })
                    {
                        whole = whole.Without(position);
                        long brought = await BringAsync(partition, key, winner, position, cancellationToken);
                        bytes += brought;
                        if (brought > 0)
                        {
                            MendResult check = await _mender.MendAsync(
                                partition, key, winner.Entry, PositionSet.Of(position), cancellationToken);
                            sound = check.Sound.IsEmpty ? sound.Without(position) : sound;
                        }
                    }
                }

                // (4)
                if (winner.Entry.Slot == suspect)
                {
                    MendResult mended = await _mender.MendAsync(partition, key, winner.Entry, holdings.Heard, cancellationToken);
                    bytes += mended.Bytes;
                    sound &= mended.Sound;
                    whole &= sound;
                    suspect = null;
                }
            }

            if (whole == (holdings.Heard & sound))
            {
                Forget(partition, key, winners, whole);
                if (notesAbsent && whole != partition.All)
                {
                    await NoteAbsentAsync(partition, key, winners, whole);
                }

                return new RepairOutcome(whole, bytes);
            }
        }

        return new RepairOutcome(default, bytes);
    }

    private (VersionId Slot, bool IsYoung)? FindOpen(ReplicaViews views)
    {
        foreach (VersionId slot in views.Slots())
        {
            SlotVerdict verdict = views.Judge(slot);
            if (verdict.Certainty != SlotCertainty.Certain)
            {
                return (slot, engine.Clock.LeadOf(verdict.Winner!.Ballot) > -OrphanAge);
            }
        }

        return null;
    }

    /// <summary>What counts in each slot, in the order in which it came to be.</summary>
    private static List<ValueGroup> WinnersOf(ReplicaViews views)
    {
        List<ValueGroup> winners = [];
        foreach (VersionId slot in views.Slots())
        {
            if (views.Judge(slot).Winner is { } winner)
            {
                winners.Add(winner);
            }
        }

        winners.Sort(static (left, right) => left.Ballot.CompareTo(right.Ballot));
        return winners;
    }

    /// <summary>Gives a drive one chosen entry with its data.</summary>
    /// <returns>Shard bytes written.</returns>
    private async ValueTask<long> BringAsync(
        Partition partition, RegisterKey key, ValueGroup winner, int position, CancellationToken cancellationToken)
    {
        DriveHandle drive = partition.Drives[position];
        Proposal proposal = Proposal.Again(key, winner.Entry, 0, winner.Ballot);
        DriveResult<AcceptReply> reply = await drive.AcceptAsync(proposal.RequestFor(position));
        long bytes = 0;
        if (reply.Fault == DriveFault.NotFound)
        {
            PositionSet target = PositionSet.Of(position);
            RestoredShards restored = await _mender.Restorer.RestoreAsync(partition, proposal, target, cancellationToken);
            if (!restored.Positions.Contains(position))
            {
                return 0;
            }

            bytes = _mender.ShardBytesOf(key, winner.Entry);
            Proposal withData = proposal with
            {
                InlineShards = restored.Inline,
                InlinePositions = restored.Inline is null ? default : target,
            };
            reply = await drive.AcceptAsync(withData.RequestFor(position));
        }

        if (reply is { IsOk: true, Value.IsAccepted: true })
        {
            _ = await drive.CommitAsync(new CommitRequest(key, winner.Entry.Slot, winner.Ballot, []));
        }
        else if (reply.IsOk)
        {
            await _settler.ClearAsync(key, winner.Entry.Slot, cancellationToken);
        }

        return bytes;
    }

    private static async ValueTask NoteAbsentAsync(
        Partition partition, RegisterKey key, List<ValueGroup> winners, PositionSet whole)
    {
        List<DriveId> missed = [];
        foreach (int position in partition.All - whole)
        {
            missed.Add(partition.Drives[position].Id);
        }

        foreach (ValueGroup winner in winners)
        {
            foreach (int position in whole)
            {
                _ = await partition.Drives[position].CommitAsync(
                    new CommitRequest(key, winner.Entry.Slot, winner.Ballot, missed));
            }
        }
    }

    // (6)
    private void Forget(Partition partition, RegisterKey key, List<ValueGroup> winners, PositionSet whole)
    {
        if (whole != partition.All || partition.Drives.Any(drive => drive.State != DriveState.Online))
        {
            return;
        }

        foreach (ValueGroup winner in winners)
        {
            if (winner.Entry.IsRemoved)
            {
                engine.Commits.SendEverywhere(partition, key, winner.Entry.Slot, winner.Ballot);
            }
        }
    }
}
