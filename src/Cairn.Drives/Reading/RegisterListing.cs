using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Reading;

/// <summary>Walks registers in key order for one request.</summary>
/// <remarks>
/// Invariants: no register within the walked range is left out, except below a common prefix behind its evidence.
/// A row that cannot be read is left out and the answer loses its vote, so that nobody takes the gap for an absence.
/// </remarks>
internal sealed class RegisterListing(IDriveIndex index, ListRequest request, bool isVoting)
{
    private readonly List<ListRow> _rows = [];
    private readonly byte[] _scope = RegisterKey.Of(request.Space, request.Bucket, request.Prefix.Span).Encoded.ToArray();
    private int _entryCount;
    private bool _isVoting = isVoting;

    // Of a register that holds something, but nothing that is shown, more may have gone than what the drive tells of all.
    private Ballot _floor;

    /// <exception cref="DriveIoException">The device failed.</exception>
    public ListReply Run()
    {
        byte[] from = RegisterKey.Of(request.Space, request.Bucket, request.From.Span).Encoded.ToArray();
        byte[] lower = from.AsSpan().SequenceCompareTo(_scope) > 0 ? from : _scope;
        byte[] upper = KeyRange.Successor(_scope);
        if (!request.AllVersions)
        {
            using IIndexCursor single = index.OpenCursor(IndexFamily.Heads, lower, upper);
            return Walk(single, null);
        }

        (IIndexCursor heads, IIndexCursor versions) = index.OpenCursors(
            new IndexRange(IndexFamily.Heads, lower, upper), new IndexRange(IndexFamily.Versions, lower, upper));
        using (heads)
        using (versions)
        {
            return Walk(heads, versions);
        }
    }

    private ListReply Walk(IIndexCursor heads, IIndexCursor? versions)
    {
        bool hasRow = heads.MoveNext();
        while (hasRow)
        {
            byte[] key = heads.Key.ToArray();
            RegisterHead? head = TryDecode(key, heads);
            if (head is null || head.IsEmpty)
            {
                hasRow = heads.MoveNext();
                continue;
            }

            if (!TryAdd(key, head, versions))
            {
                return new ListReply(_isVoting, _rows, false) { Floor = _floor };
            }

            hasRow = heads.MoveNext();
            if (hasRow
                && head.Current is not null
                && TryGetCommonPrefix(key, out byte[] behindPrefix)
                && heads.Key.SequenceCompareTo(behindPrefix) < 0)
            {
                // After a step: where the prefix holds but one key, that has spared a seek, which costs far more.
                hasRow = heads.Seek(behindPrefix);
            }
        }

        return new ListReply(_isVoting, _rows, true) { Floor = _floor };
    }

    private void RaiseFloor(RegisterHead silent) =>
        _floor = silent.Promised > _floor ? silent.Promised : _floor;

    private RegisterHead? TryDecode(byte[] key, IIndexCursor heads)
    {
        try
        {
            RegisterHead head = RegisterHead.Decode(key, heads.Value.ToArray());
            _isVoting &= !head.IsDamaged;
            return head;
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            _isVoting = false;
            return null;
        }
    }

    /// <summary>Adds a register; false when the limit leaves no room for it, or not for all of it.</summary>
    private bool TryAdd(byte[] key, RegisterHead head, IIndexCursor? versions)
    {
        int room = request.Limit - _entryCount;
        if (room <= 0)
        {
            return false;
        }

        IReadOnlyList<StoredEntry> entries = versions is null ? head.Entries : Merge(key, head, versions, room);
        if (entries.Count == 0)
        {
            RaiseFloor(head);
            return true;
        }

        // Without versions a register has a handful of entries and is not worth cutting; the first is always whole.
        if (versions is null && entries.Count > room && _rows.Count > 0)
        {
            return false;
        }

        int taken = versions is null ? entries.Count : CutPoint(entries, room);
        bool isCut = taken < entries.Count;
        RegisterEntry[] shown = new RegisterEntry[taken];
        for (int i = 0; i < taken; i++)
        {
            shown[i] = entries[i].ToRegisterEntry();
        }

        _rows.Add(new ListRow(key.AsMemory(RegisterKey.HeaderSize), shown, isCut) { Floor = head.Promised });
        _entryCount += taken;
        return !isCut;
    }

    private IReadOnlyList<StoredEntry> Merge(byte[] key, RegisterHead head, IIndexCursor versions, int room)
    {
        Ballot? olderThan = key.AsSpan(RegisterKey.HeaderSize).SequenceEqual(request.From.Span) ? request.OlderThan : null;
        if (olderThan is null && head.VersionCount == 0)
        {
            return head.Entries;
        }

        List<StoredEntry> entries = [.. head.Entries.Where(entry => olderThan is not { } bound || entry.Birth < bound)];
        if (head.VersionCount == 0)
        {
            return entries;
        }

        RegisterKey register = RegisterKey.FromEncoded(key);
        byte[] start = VersionRow.Key(register, olderThan ?? new Ballot(ulong.MaxValue, ulong.MaxValue));
        bool hasVersion = versions.Seek(start);

        // One more than fits tells that the register is cut.
        for (int taken = 0; hasVersion && taken <= room && VersionRow.IsOf(versions.Key, key); hasVersion = versions.MoveNext())
        {
            if (olderThan is { } bound && VersionRow.BirthOf(versions.Key) >= bound)
            {
                continue;
            }

            if (TryDecodeVersion(versions) is { } entry)
            {
                entries.Add(entry);
                taken++;
            }
        }

        entries.Sort(StoredEntry.CompareNewestFirst);
        return entries;
    }

    private StoredEntry? TryDecodeVersion(IIndexCursor versions)
    {
        try
        {
            return VersionRow.Decode(versions.Key, versions.Value.ToArray());
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            _isVoting = false;
            return null;
        }
    }

    // Entries of one birth stay together: OlderThan could not continue between them.
    private static int CutPoint(IReadOnlyList<StoredEntry> entries, int room)
    {
        int taken = Math.Min(room, entries.Count);
        while (taken < entries.Count && entries[taken].Birth == entries[taken - 1].Birth)
        {
            taken++;
        }

        return taken;
    }

    private bool TryGetCommonPrefix(byte[] key, out byte[] behindPrefix)
    {
        behindPrefix = [];
        if (request.Delimiter.IsEmpty)
        {
            return false;
        }

        int start = RegisterKey.HeaderSize + request.Prefix.Length;
        int found = key.AsSpan(start).IndexOf(request.Delimiter.Span);
        if (found < 0)
        {
            return false;
        }

        behindPrefix = KeyRange.Successor(key.AsSpan(0, start + found + request.Delimiter.Length));
        return true;
    }
}
