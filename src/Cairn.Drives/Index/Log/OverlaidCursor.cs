namespace Cairn.Drives.Index.Log;

/// <summary>A cursor over an index as if later changes were in it already.</summary>
/// <param name="stored">The index without them; disposed with this.</param>
/// <param name="changes">Of all families, sorted by family and key; one for each row.</param>
/// <param name="family">What is walked.</param>
/// <param name="lower">Inclusive.</param>
/// <param name="upper">Exclusive.</param>
internal sealed class OverlaidCursor(
    IIndexCursor stored, List<IndexChange> changes, IndexFamily family, byte[] lower, byte[] upper) : IIndexCursor
{
    private readonly int _end = LowerBound(changes, family, upper);
    private int _next;
    private bool _hasPosition;
    private bool _hasStored;
    private bool _isOnChange;

    public ReadOnlySpan<byte> Key => _isOnChange ? changes[_next].Key.Span : stored.Key;

    public ReadOnlySpan<byte> Value => _isOnChange ? changes[_next].Value.Span : stored.Value;

    public bool MoveNext()
    {
        if (!_hasPosition)
        {
            return Seek(lower);
        }

        if (_isOnChange)
        {
            _next++;
        }
        else if (_hasStored)
        {
            _hasStored = stored.MoveNext();
        }

        return Settle();
    }

    public bool Seek(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> target = key.SequenceCompareTo(lower) < 0 ? lower : key;
        _hasPosition = true;
        _hasStored = stored.Seek(target);
        _next = LowerBound(changes, family, target);
        return Settle();
    }

    public void Dispose() => stored.Dispose();

    /// <summary>Stops at the lower of the two next keys; where they are the same, the change has replaced the row.</summary>
    private bool Settle()
    {
        for (; _next < _end; _next++)
        {
            int order = _hasStored ? changes[_next].Key.Span.SequenceCompareTo(stored.Key) : -1;
            if (order > 0)
            {
                break;
            }

            if (order == 0)
            {
                _hasStored = stored.MoveNext();
            }

            if (!changes[_next].IsDelete)
            {
                _isOnChange = true;
                return true;
            }
        }

        _isOnChange = false;
        return _hasStored;
    }

    private static int LowerBound(List<IndexChange> changes, IndexFamily family, ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = changes.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int order = changes[middle].Family.CompareTo(family);
            if (order < 0 || (order == 0 && changes[middle].Key.Span.SequenceCompareTo(key) < 0))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
