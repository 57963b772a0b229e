using Cairn.Testing.Histories;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>What the ids of versions and the listings of versions tell, once as many ids are known as ever will be.</summary>
/// <remarks>
/// Purpose: a listing of versions is not of one moment (docs/consistency.md, what is promised): every version in it is
/// read by itself. So it is checked version by version: one that was acknowledged before the listing began is there
/// unless it is being removed; one that was there once stays; one that is there was put.
/// A write of a version whose client has no answer yet is free to be missing, also below younger versions: its place is
/// its birth, which it has from its beginning, and if it takes effect late it does so below them, where no read of the
/// key can tell. What must hold all the same is that births follow the order of writes that do not overlap and were answered:
/// of others the clock of their node alone decides (docs/consistency.md, "Why it is safe", 5).
/// What it does not check: versions whose ids nobody was ever told.
/// </remarks>
internal sealed class VersionAudit(StoreWorkload workload)
{
    /// <summary>Adds what listings showed to the history, and checks what the history cannot.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Complete()
    {
        foreach (IGrouping<string, UndecidedWrite> writes in workload.Undecided.GroupBy(w => w.Key))
        {
            UndecidedWrite[] known = [.. writes.Where(w => workload.Order.IdOf(w.Write) is not null)];
            VersionListing[] listings = [.. workload.Listings.Where(l => l.Key == writes.Key)];
            foreach (UndecidedWrite write in known)
            {
                if (AddListings(write, listings) is { } lost)
                {
                    return lost;
                }
            }

            if (FindDisorder(known) is { } disorder)
            {
                return disorder;
            }
        }

        return null;
    }

    /// <returns>How the version was there and went away, though nobody removed it.</returns>
    private string? AddListings(UndecidedWrite write, VersionListing[] listings)
    {
        long seenFirst = long.MaxValue;
        foreach (VersionListing listing in listings.OrderBy(l => l.End))
        {
            bool isListed = Shows(listing, write);
            bool isAcknowledged = write.Operation.End < listing.Start;
            seenFirst = isListed ? Math.Min(seenFirst, listing.End) : seenFirst;
            if (!isListed && seenFirst < listing.Start && !IsBeingRemoved(write, listing))
            {
                return $"{listing.Key}: {listing.Name} [{listing.Start}, {listing.End}] lacks version {write.Write}, "
                    + $"which another one had shown at {seenFirst}.";
            }

            // The rest fits every order, and would only make the search for one longer.
            if (isListed ? !isAcknowledged || IsBeingRemoved(write, listing) : isAcknowledged)
            {
                workload.History.Saw(
                    listing.Key,
                    $"{listing.Name} {(isListed ? "shows" : "does not show")} version {write.Write}",
                    ObjectStep.ObserveListed(write.Write, isListed),
                    listing.Start,
                    listing.End);
            }
        }

        return null;
    }

    private bool Shows(VersionListing listing, UndecidedWrite write) =>
        listing.Versions.Contains(workload.Order.IdOf(write.Write)!.Value);

    private bool IsBeingRemoved(UndecidedWrite write, VersionListing listing) =>
        workload.Removals.TryGetValue(write.Write, out long removal) && removal < listing.End;

    private string? FindDisorder(UndecidedWrite[] writes)
    {
        foreach (UndecidedWrite earlier in writes)
        {
            foreach (UndecidedWrite later in writes)
            {
                // Of one that was removed before, nobody can tell any more when it was born.
                bool isGone = workload.Removals.TryGetValue(earlier.Write, out long removal)
                    && removal < later.Operation.Start;
                if (!isGone
                    && later.Operation.IsAnswered
                    && earlier.Operation.End < later.Operation.Start
                    && workload.Order.IdOf(earlier.Write)!.Value.Birth > workload.Order.IdOf(later.Write)!.Value.Birth)
                {
                    return $"{later.Key}: version {later.Write} is older than {earlier.Write}, which ended before it began.";
                }
            }
        }

        return null;
    }
}
