using Cairn.Drives.Registers;
using Cairn.Objects.Data;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit.Listing;

/// <summary>Tells the current version of the register at which a merge stands from what the heard drives hold.</summary>
/// <remarks>Pure. Where the answers do not suffice, the register must be read.</remarks>
internal sealed class CurrentResolver(IRecordPieces records)
{
    /// <summary>False when the register must be read.</summary>
    /// <param name="merge">Stands at the register.</param>
    /// <param name="current">The live version that counts, or null when there is none.</param>
    public bool TryResolve(RegisterMerge merge, out RegisterValue? current)
    {
        RegisterEntry? winner = null;
        Ballot youngest = Ballot.Zero;
        foreach (DriveStream stream in merge.Holders)
        {
            foreach (RegisterEntry entry in stream.Current!.Entries)
            {
                if (winner is not null && entry.Slot != winner.Slot)
                {
                    return TryJudge(merge, out current);
                }

                if (winner is null
                    || entry.Ballot > winner.Ballot
                    || (entry.Ballot == winner.Ballot && entry.IsCommitted))
                {
                    winner = entry;
                }

                if (entry is { IsCommitted: true, IsRemoved: false } && entry.Birth > youngest)
                {
                    youngest = entry.Birth;
                }
            }
        }

        // The usual case: all that is held are values of one slot, and the highest of them is chosen. A drive shows
        // nothing older than its newest live version, which must not hide what comes to light when that one is gone.
        // Nor must it be left over from before a removal that the drives without the register have forgotten.
        bool isLive = winner is { IsRemoved: false };
        if (winner is { IsCommitted: false }
            || (isLive && merge.Holders.Count < merge.Streams.Count && !merge.IsBacked(winner!.Slot, winner.Ballot))
            || youngest > (isLive ? winner!.Birth : Ballot.Zero)
            || (winner is not null && !isLive && !IsKnownToQuorum(merge, winner.Ballot)))
        {
            return TryJudge(merge, out current);
        }

        current = isLive ? RegisterValue.Of(winner!) : null;
        return true;
    }

    // A removal that others do not show yet may hide a version that was put before it: RegisterJudgement tells.
    private static bool IsKnownToQuorum(RegisterMerge merge, Ballot removal)
    {
        Partition partition = merge.Placement.PartitionOf(merge.Key);
        int positions = 0;
        foreach (Replica replica in partition.Drives)
        {
            positions += replica.Members.All(member => merge.Holders.Any(stream =>
                stream.Drive == member.Drive && HighestOf(stream.Current!.Entries) >= removal)) ? 1 : 0;
        }

        return positions >= partition.ReadQuorum;
    }

    private static Ballot HighestOf(IReadOnlyList<RegisterEntry> entries)
    {
        Ballot highest = Ballot.Zero;
        foreach (RegisterEntry entry in entries)
        {
            highest = entry.Ballot > highest ? entry.Ballot : highest;
        }

        return highest;
    }

    private bool TryJudge(RegisterMerge merge, out RegisterValue? current)
    {
        RegisterKey key = merge.Key;
        Partition partition = merge.Placement.PartitionOf(key);
        ReplicaViews views = new(key, null, partition, records);
        for (int position = 0; position < partition.Width; position++)
        {
            RegisterView?[] heard = [.. partition.Drives[position].Members.Select(member => ViewOf(merge, member.Drive))];
            if (heard is [{ } only])
            {
                views.Add(position, only);
            }
            else if (heard is [{ } leaving, { } arriving])
            {
                views.Add(position, JointView.Of(leaving, arriving, null));
            }
        }

        RegisterJudgement judgement = RegisterJudgement.Of(views, null);
        current = judgement.Current is { } group ? RegisterValue.Of(group.Entry) : null;
        return judgement.IsCertain;
    }

    // Null when the listing does not hear the drive.
    private static RegisterView? ViewOf(RegisterMerge merge, DriveHandle drive)
    {
        foreach (DriveStream stream in merge.Streams)
        {
            if (stream.Drive == drive)
            {
                IReadOnlyList<RegisterEntry> entries = merge.Holds(stream) ? stream.Current!.Entries : [];
                return new RegisterView(IsVoting: true, HighestOf(entries), entries) { Floor = merge.FloorOf(stream) };
            }
        }

        return null;
    }
}
