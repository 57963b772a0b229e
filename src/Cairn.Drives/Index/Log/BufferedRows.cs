using System.Buffers;

namespace Cairn.Drives.Index.Log;

/// <summary>Rows that are durable in the log and not in the index yet, as of their latest change.</summary>
/// <remarks>
/// Purpose: what changes several times within a moment goes into the index once.
/// Ownership: keys and values lie in the records they came in, which are the pool's again once the rows are released.
/// Concurrency: one writer beside any number of readers.
/// </remarks>
internal sealed class BufferedRows
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IndexKey, ReadOnlyMemory<byte>?> _rows = [];
    private readonly List<byte[]> _records = [];
    private volatile bool _hasRows;
    private bool _isClosed;

    /// <summary>Bytes of the records.</summary>
    public long SizeBytes { get; private set; }

    public bool HasRows => _hasRows;

    /// <param name="record">Of the shared pool; handed over.</param>
    /// <param name="size">Its bytes, header and all.</param>
    /// <returns>False when no more rows are taken: the record stays the caller's.</returns>
    public bool TryAdd(byte[] record, int size)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _records.Add(record);
            SizeBytes += size;
            foreach (IndexChange change in LogRecord.Decode(record.AsMemory(LogRecord.HeaderSize..size)))
            {
                // Not null without its type, which would become empty memory: a value like any other. The key of an
                // earlier change stays in the dictionary, as its record does here.
                _rows[new IndexKey(change.Family, change.Key)] =
                    change.IsDelete ? (ReadOnlyMemory<byte>?)null : change.Value;
            }

            _hasRows = true;
            return true;
        }
    }

    /// <summary>Takes no more rows.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>Whether the latest change of a row is here.</summary>
    /// <param name="family">Of the row.</param>
    /// <param name="key">Of the row.</param>
    /// <param name="value">A copy; null when the row was removed.</param>
    public bool TryGet(IndexFamily family, ReadOnlyMemory<byte> key, out byte[]? value)
    {
        value = null;
        if (!_hasRows)
        {
            return false;
        }

        lock (_gate)
        {
            if (!_rows.TryGetValue(new IndexKey(family, key), out ReadOnlyMemory<byte>? row))
            {
                return false;
            }

            value = row is { } found ? found.ToArray() : null;
            return true;
        }
    }

    /// <summary>All rows by family and key, each as one change. Valid until the release.</summary>
    /// <remarks>Only after the close.</remarks>
    public List<IndexChange> Sort()
    {
        List<IndexChange> changes = new(_rows.Count);
        foreach ((IndexKey key, ReadOnlyMemory<byte>? row) in _rows)
        {
            changes.Add(new IndexChange(key.Family, key.Bytes, row ?? default, row is null));
        }

        changes.Sort(static (left, right) => left.Family == right.Family
            ? left.Key.Span.SequenceCompareTo(right.Key.Span)
            : left.Family.CompareTo(right.Family));
        return changes;
    }

    /// <summary>The rows are in the index: gives their memory back.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _hasRows = false;
            _rows.Clear();
            foreach (byte[] record in _records)
            {
                ArrayPool<byte>.Shared.Return(record);
            }

            _records.Clear();
        }
    }
}
