using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>What one drive holds of one register.</summary>
/// <remarks>
/// Entries contain at least: every entry that is not known to be committed; the committed entry of each slot it would
/// supersede; the newest (by Birth) committed live entry; every tombstone younger than that one; and all entries of the
/// slot that was asked for, if any. Sorted by Birth, then Ballot, highest first.
/// </remarks>
/// <param name="IsVoting">False on a recovering drive: absence here proves nothing.</param>
/// <param name="Promised">Highest promise.</param>
/// <param name="Entries">See remarks.</param>
/// <param name="Inline">
/// This drive's inline shard of Data[0] of the first live entry (or of the slot asked for), when asked for and inline.
/// </param>
/// <param name="HasInline">Inline is meant even when it is empty.</param>
public record RegisterView(
    bool IsVoting,
    Ballot Promised,
    IReadOnlyList<RegisterEntry> Entries,
    ReadOnlyMemory<byte> Inline = default,
    bool HasInline = false)
{
    /// <summary>
    /// What was accepted at or below it may have been dropped again, and may have been a removal that all drives have
    /// forgotten: the highest promise before this question; where the drive holds nothing of the register, what it has
    /// forgotten of all registers.
    /// </summary>
    public Ballot Floor { get; init; }

    /// <summary>The drive shows nothing of the slot, and may have forgotten something younger than the ballot there.</summary>
    public virtual bool MayHaveForgotten(VersionId slot, Ballot ballot)
    {
        if (Floor < ballot)
        {
            return false;
        }

        foreach (RegisterEntry entry in Entries)
        {
            if (entry.Slot == slot)
            {
                return false;
            }
        }

        return true;
    }
}
