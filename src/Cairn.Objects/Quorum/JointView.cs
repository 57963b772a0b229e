using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Quorum;

/// <summary>What the two drives of a position that moves hold of a register, as one view.</summary>
/// <remarks>
/// Purpose: a value on either drive may have been chosen, in an epoch that counted that drive alone, so the view shows
/// what any of them holds. Whether it is chosen now takes both: HalfHeld says which entries only one of them has.
/// Invariants: as RegisterView; complete down to the younger one of the two newest committed live entries.
/// </remarks>
internal sealed record JointView : RegisterView
{
    private readonly HashSet<(VersionId Slot, Ballot Ballot)> _half;

    private readonly RegisterView _leaving;
    private readonly RegisterView _arriving;

    private JointView(RegisterView view, HashSet<(VersionId, Ballot)> half, RegisterView leaving, RegisterView arriving)
        : base(view)
    {
        _half = half;
        _leaving = leaving;
        _arriving = arriving;
    }

    public override bool MayHaveForgotten(VersionId slot, Ballot ballot) =>
        _leaving.MayHaveForgotten(slot, ballot) || _arriving.MayHaveForgotten(slot, ballot);

    /// <summary>Only one of the two drives holds the entry under its ballot.</summary>
    public bool IsHalfHeld(RegisterEntry entry) => _half.Contains((entry.Slot, entry.Ballot));

    public static JointView Of(RegisterView leaving, RegisterView arriving, VersionId? slot)
    {
        List<RegisterEntry> entries = Merge(leaving.Entries, arriving.Entries);
        HashSet<(VersionId, Ballot)> half = [.. entries
            .Where(entry => !Holds(leaving, entry) || !Holds(arriving, entry))
            .Select(entry => (entry.Slot, entry.Ballot))];
        RegisterEntry? shown = FirstLive(entries, slot);
        RegisterView? source = IsInlineOf(leaving, shown, slot) ? leaving : IsInlineOf(arriving, shown, slot) ? arriving : null;
        RegisterView view = new(
            leaving.IsVoting && arriving.IsVoting,
            leaving.Promised < arriving.Promised ? leaving.Promised : arriving.Promised,
            entries,
            source?.Inline ?? default,
            source is not null)
        {
            Floor = leaving.Floor > arriving.Floor ? leaving.Floor : arriving.Floor,
        };
        return new JointView(view, half, leaving, arriving);
    }

    /// <summary>Entries that any of two lists has, in the order of a view.</summary>
    public static List<RegisterEntry> Merge(IReadOnlyList<RegisterEntry> left, IReadOnlyList<RegisterEntry> right)
    {
        List<RegisterEntry> merged = [.. left];
        foreach (RegisterEntry entry in right)
        {
            int known = merged.FindIndex(held => held.Slot == entry.Slot && held.Ballot == entry.Ballot);
            if (known < 0)
            {
                merged.Add(entry);
            }
            else if (entry.IsCommitted)
            {
                merged[known] = entry;
            }
        }

        merged.Sort(static (first, second) =>
            (second.Birth, second.Ballot).CompareTo((first.Birth, first.Ballot)));
        return merged;
    }

    private static bool Holds(RegisterView view, RegisterEntry entry)
    {
        foreach (RegisterEntry held in view.Entries)
        {
            if (held.Slot == entry.Slot && held.Ballot == entry.Ballot)
            {
                return true;
            }
        }

        return false;
    }

    // A drive sends the shard of its own idea of the current version, which need not be that of both together.
    private static bool IsInlineOf(RegisterView view, RegisterEntry? shown, VersionId? slot) =>
        view.HasInline
        && shown is { Data.Count: > 0 }
        && FirstLive(view.Entries, slot) is { Data.Count: > 0 } own
        && own.Data[0] == shown.Data[0];

    private static RegisterEntry? FirstLive(IReadOnlyList<RegisterEntry> entries, VersionId? slot)
    {
        foreach (RegisterEntry entry in entries)
        {
            if (!entry.IsRemoved && (slot is null || entry.Slot == slot))
            {
                return entry;
            }
        }

        return null;
    }
}
