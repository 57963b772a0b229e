using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Drives;

/// <summary>What a drive must hold of one register, after the contract of IDrive.</summary>
/// <remarks>Immutable: an operation in doubt leaves two of them, before and after, one of which must be the truth.</remarks>
internal sealed record ModelRegister
{
    public Ballot Promised { get; init; }

    public IReadOnlyList<RegisterEntry> Entries { get; init; } = [];

    /// <summary>Nothing is known of it but, perhaps, by the drive's floor.</summary>
    public bool IsNew => Promised == Ballot.Zero && Entries.Count == 0;

    /// <summary>Null when the drive must refuse.</summary>
    public ModelRegister? Accept(RegisterEntry entry, Ballot floor)
    {
        if (entry.Ballot < Promised || (IsNew && entry.Ballot <= floor))
        {
            return null;
        }

        RegisterEntry? same = Entries.FirstOrDefault(
            e => IsSameValue(e, entry) && (!e.IsCommitted || e.Ballot == entry.Ballot));
        if (same is null && Entries.Any(e => e.Ballot == entry.Ballot))
        {
            return null;
        }

        return new ModelRegister
        {
            Promised = entry.Ballot,
            Entries = same is null
                ? [.. Entries, entry with { IsCommitted = false }]
                : [.. Entries.Select(e => ReferenceEquals(e, same)
                    ? e with
                    {
                        Ballot = entry.Ballot,
                        ExcludesYounger = entry.ExcludesYounger,
                        AloneSince = entry.AloneSince,
                    }
                    : e)],
        };
    }

    /// <summary>Null when the drive must refuse.</summary>
    public ModelRegister? Prepare(Ballot ballot, Ballot floor) =>
        ballot <= Promised || (IsNew && ballot <= floor) ? null : this with { Promised = ballot };

    public ModelRegister Commit(VersionId slot, Ballot ballot) =>
        !Entries.Any(e => e.Slot == slot && e.Ballot == ballot)
            ? this
            : this with
            {
                Entries = [.. Entries
                    .Where(e => e.Slot != slot || e.Ballot >= ballot)
                    .Select(e => e.Slot == slot && e.Ballot == ballot ? e with { IsCommitted = true } : e)],
            };

    /// <summary>After the tombstone's removal; the floor it leaves when nothing is left of the register.</summary>
    public (ModelRegister Next, Ballot Floor) Forget(VersionId slot, Ballot ballot)
    {
        RegisterEntry? tombstone = Entries.FirstOrDefault(
            e => e.Slot == slot && e.Ballot == ballot && e.IsCommitted && e.IsRemoved);
        if (tombstone is null)
        {
            return (this, Ballot.Zero);
        }

        var next = this with { Entries = [.. Entries.Where(e => !ReferenceEquals(e, tombstone))] };
        return next.Entries.Count == 0 ? (new ModelRegister(), Promised) : (next, Ballot.Zero);
    }

    /// <summary>Why a view is not one of this register; null when it is.</summary>
    public string? Contradiction(RegisterView view, VersionId? asked)
    {
        if (view.Promised != Promised)
        {
            return $"promised {view.Promised} instead of {Promised}";
        }

        foreach (RegisterEntry seen in view.Entries)
        {
            if (!Entries.Any(e => IsSame(e, seen)))
            {
                return $"shows {Describe(seen)}, which it does not hold";
            }
        }

        RegisterEntry? missing = Required(asked).FirstOrDefault(e => !view.Entries.Any(seen => IsSame(e, seen)));
        if (missing is not null)
        {
            return $"does not show {Describe(missing)}";
        }

        for (int i = 1; i < view.Entries.Count; i++)
        {
            if ((view.Entries[i - 1].Birth, view.Entries[i - 1].Ballot).CompareTo(
                (view.Entries[i].Birth, view.Entries[i].Ballot)) < 0)
            {
                return "shows its entries out of order";
            }
        }

        return null;
    }

    public override string ToString() =>
        $"  model: promised {Promised}, {string.Join(", ", Entries.OrderByDescending(e => e.Birth).Select(Describe))}";

    public static string Describe(RegisterEntry entry) =>
        $"{(entry.Slot.IsNull ? "null" : "slot")} born {entry.Birth.Clock} under {entry.Ballot.Clock}"
        + $"{(entry.IsCommitted ? " committed" : "")}{(entry.IsRemoved ? " removed" : "")}";

    private IEnumerable<RegisterEntry> Required(VersionId? asked)
    {
        Ballot current = Entries.Where(e => e.IsCommitted && !e.IsRemoved).Select(e => e.Birth).DefaultIfEmpty().Max();
        return Entries.Where(e => !e.IsCommitted
            || e.Slot == asked
            || e.Birth >= current
            || Entries.Any(other => other.Slot == e.Slot && !other.IsCommitted));
    }

    private static bool IsSame(RegisterEntry left, RegisterEntry right) =>
        IsSameValue(left, right) && left.Ballot == right.Ballot && left.IsCommitted == right.IsCommitted
        && left.ExcludesYounger == right.ExcludesYounger && left.AloneSince == right.AloneSince;

    private static bool IsSameValue(RegisterEntry left, RegisterEntry right) =>
        left.Slot == right.Slot && left.Birth == right.Birth && left.IsRemoved == right.IsRemoved
        && left.ShardIndex == right.ShardIndex && left.Body.Span.SequenceEqual(right.Body.Span)
        && left.Data.SequenceEqual(right.Data);
}
