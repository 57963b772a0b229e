using Cairn.Drives.Commit;
using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Reading;

/// <summary>Reads one register from the index.</summary>
/// <remarks>
/// Concurrency: any caller, beside the committer. A head is read in one piece; a slot that lies in Versions needs a
/// second read, between which the entry may have moved into the head: then the head has changed and all is read again.
/// </remarks>
internal static class RegisterReading
{
    /// <exception cref="DriveIoException">The device failed, or a row is corrupt.</exception>
    public static async ValueTask<RegisterView> ReadAsync(
        IDriveIndex index, DriveStanding standing, RegisterKey key, VersionId? slot, bool withInline)
    {
        byte[]? row = await index.GetAsync(IndexFamily.Heads, key.Encoded);
        while (true)
        {
            if (row is null)
            {
                return new RegisterView(standing.IsVoting, Ballot.Zero, []);
            }

            RegisterHead head = RegisterHead.Decode(key.Encoded.Span, row);
            StoredEntry? noncurrent = await ReadNoncurrentAsync(index, key, slot, head);
            if (slot is not null && noncurrent is null && head.VersionCount > 0)
            {
                byte[]? again = await index.GetAsync(IndexFamily.Heads, key.Encoded);
                if (again is null || !again.AsSpan().SequenceEqual(row))
                {
                    row = again;
                    continue;
                }
            }

            return await CompleteAsync(index, standing, head, noncurrent, slot, withInline);
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

    private static async ValueTask<RegisterView> CompleteAsync(
        IDriveIndex index,
        DriveStanding standing,
        RegisterHead head,
        StoredEntry? noncurrent,
        VersionId? slot,
        bool withInline)
    {
        List<StoredEntry> entries = [.. head.Entries];
        if (noncurrent is not null && !entries.Exists(entry => entry.Slot == noncurrent.Slot))
        {
            entries.Add(noncurrent);
            entries.Sort(StoredEntry.CompareNewestFirst);
        }

        RegisterView view = new(
            standing.IsVoting && !head.IsDamaged,
            head.Promised,
            [.. entries.Select(entry => entry.ToRegisterEntry())]);
        if (!withInline)
        {
            return view;
        }

        StoredEntry? wanted = entries.Find(
            entry => !entry.Value.IsRemoved && (slot is not { } asked || entry.Slot == asked));
        return wanted is { HasInline: true }
            && await TryReadInlineAsync(index, wanted.Value.Data[0]) is { } inline
            ? view with { Inline = inline, HasInline = true }
            : view;
    }

    // A bad shard does not spoil the register's answer: the caller opens the shard next and meets the fault there.
    private static async ValueTask<ReadOnlyMemory<byte>?> TryReadInlineAsync(IDriveIndex index, DataId data)
    {
        byte[] key = ShardRow.Key(data);
        try
        {
            byte[]? row = await index.GetAsync(IndexFamily.Shards, key);
            return row is not null && ShardRow.TryGetInline(key, row, out ReadOnlyMemory<byte> inline) ? inline : null;
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            return null;
        }
    }
}
