using Cairn.Drives.Commit;
using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Reading;

/// <summary>Reads one register from the index.</summary>
/// <remarks>
/// Concurrency: any caller, beside the committer. A head is read in one piece; a slot that lies in Versions, or an
/// inline shard, needs a second read, between which the entry may have moved into the head, or been superseded and
/// dropped with its shard: then the head has changed and all is read again.
/// </remarks>
internal static class RegisterReading
{
    /// <exception cref="DriveIoException">The device failed, or a row is corrupt.</exception>
    public static async ValueTask<RegisterView> ReadAsync(
        IDriveIndex index, HeadCache heads, DriveStanding standing, RegisterKey key, VersionId? slot, bool withInline)
    {
        byte[]? row = null;
        RegisterHead? head = heads.Find(key);
        if (head is null)
        {
            int stamp = heads.StampOf(key);
            row = await index.GetAsync(IndexFamily.Heads, key.Encoded);
            head = row is null ? null : RegisterHead.Decode(key.Encoded.Span, row);
            if (head is not null)
            {
                heads.Offer(key, head, stamp);
            }
        }

        while (true)
        {
            if (head is null)
            {
                return new RegisterView(standing.IsVoting, Ballot.Zero, []) { Floor = standing.Forgotten };
            }

            StoredEntry? noncurrent = await ReadNoncurrentAsync(index, key, slot, head);
            (RegisterView view, bool isWhole) = await CompleteAsync(index, standing, head, noncurrent, slot, withInline);
            if (isWhole && (slot is null || noncurrent is not null || head.VersionCount == 0))
            {
                return view;
            }

            byte[]? again = await index.GetAsync(IndexFamily.Heads, key.Encoded);
            if (row is not null && again is not null && again.AsSpan().SequenceEqual(row))
            {
                return view;
            }

            row = again;
            head = row is null ? null : RegisterHead.Decode(key.Encoded.Span, row);
        }
    }

    private static async ValueTask<StoredEntry?> ReadNoncurrentAsync(
        IDriveIndex index, RegisterKey key, VersionId? slot, RegisterHead head)
    {
        if (slot is not { } asked || head.VersionCount == 0)
        {
            return null;
        }

        Ballot birth = asked.IsNull ? head.NullBirth : asked.Birth;
        if (birth == Ballot.Zero)
        {
            return null;
        }

        byte[] rowKey = VersionRow.Key(key, birth);
        byte[]? row = await index.GetAsync(IndexFamily.Versions, rowKey);
        StoredEntry? entry = row is null ? null : VersionRow.Decode(rowKey, row);
        return entry?.Slot == asked ? entry : null;
    }

    // Not whole: the shard that was asked for and should be there was not found.
    private static async ValueTask<(RegisterView View, bool IsWhole)> CompleteAsync(
        IDriveIndex index,
        DriveStanding standing,
        RegisterHead head,
        StoredEntry? noncurrent,
        VersionId? slot,
        bool withInline)
    {
        RegisterHead shown = noncurrent is null ? head : head with { Entries = Merge(head.Entries, noncurrent) };
        RegisterView view = new(
            standing.IsVoting && !head.IsDamaged, head.Promised, shown.ToRegisterEntries())
        {
            Floor = head.FloorOn(standing.Forgotten),
        };
        if (!withInline || FindWanted(shown.Entries, slot) is not { HasInline: true } wanted)
        {
            return (view, true);
        }

        return await TryReadInlineAsync(index, wanted.Value.Data[0]) is { } inline
            ? (view with { Inline = inline, HasInline = true }, true)
            : (view, false);
    }

    private static List<StoredEntry> Merge(IReadOnlyList<StoredEntry> held, StoredEntry noncurrent)
    {
        List<StoredEntry> entries = [.. held];
        if (!entries.Exists(entry => entry.Slot == noncurrent.Slot))
        {
            entries.Add(noncurrent);
            entries.Sort(StoredEntry.CompareNewestFirst);
        }

        return entries;
    }

    private static StoredEntry? FindWanted(IReadOnlyList<StoredEntry> entries, VersionId? slot)
    {
        foreach (StoredEntry entry in entries)
        {
            if (!entry.Value.IsRemoved && (slot is not { } asked || entry.Slot == asked))
            {
                return entry;
            }
        }

        return null;
    }

    // A bad shard does not spoil the register's answer: the caller opens the shard next and meets the fault there.
    private static async ValueTask<ReadOnlyMemory<byte>?> TryReadInlineAsync(IDriveIndex index, DataId data)
    {
        byte[] key = ShardRow.Key(data);
        try
        {
            byte[]? row = await index.GetAsync(IndexFamily.Shards, key);
            // Not a conditional expression: in one, null would become empty memory, which is a shard like any other.
            if (row is not null && ShardRow.TryGetInline(key, row, out ReadOnlyMemory<byte> inline))
            {
                return inline;
            }

            return null;
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            return null;
        }
    }
}
