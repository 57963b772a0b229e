namespace Cairn.Drives.Index.Packs;

/// <summary>Empties packs of which most is of no use any more, a piece at a time: what rows point to moves to the current pack.</summary>
/// <remarks>
/// Concurrency: within drains, so that no row changes meanwhile.
/// Invariants: a pack goes only after every entry of it was looked at; the count of its bytes only says when to look.
/// Failure: a pack with a damaged entry cannot be walked to its end and is left as it is. What moved and did not come
/// into the index stays where it was.
/// </remarks>
internal sealed class PackCollector(PackWriter writer)
{
    private const long ScanBytes = 16L << 20;
    private const int LargestKey = 256;

    private Pack? _victim;
    private long _offset;

    /// <returns>The changes of one piece; none when there is nothing to do.</returns>
    /// <exception cref="Os.DriveIoException">The device failed.</exception>
    public List<IndexChange> Step()
    {
        List<IndexChange> changes = [];
        if (_victim is null)
        {
            _victim = writer.FindMostlyDead();
            _offset = 0;
        }

        if (_victim is not { } victim)
        {
            return changes;
        }

        long end = Math.Min(victim.Length, _offset + ScanBytes);
        while (_offset < end)
        {
            if (!MoveNext(victim, changes))
            {
                victim.IsDamaged = true;
                _victim = null;
                break;
            }
        }

        writer.Flush();
        if (_victim is not null && _offset >= victim.Length)
        {
            writer.Empty(victim);
            _victim = null;
        }

        writer.AddRows(changes);
        return changes;
    }

    private bool MoveNext(Pack victim, List<IndexChange> changes)
    {
        byte[] header = new byte[PackEntry.FixedSize + LargestKey];
        int read = victim.Read(_offset, header);
        if (!PackEntry.TryDecodeHeader(header.AsSpan(0, read), out int keyLength, out int valueLength))
        {
            return false;
        }

        ReadOnlyMemory<byte> key = header.AsMemory(PackEntry.FixedSize, keyLength);
        PackPlace place = new(victim.Number, _offset + PackEntry.FixedSize + keyLength, valueLength);
        if (writer.IsLive(key, place))
        {
            byte[] value = new byte[valueLength];
            if (victim.Read(place.Offset, value) != valueLength)
            {
                return false;
            }

            changes.Add(new IndexChange(IndexFamily.Shards, key, writer.Append(key.Span, value).Encode(), false));
        }

        _offset = place.Offset + valueLength;
        return true;
    }
}
