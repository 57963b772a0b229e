using Cairn.Drives.Registers;

namespace Cairn.Objects.Commit.Listing;

/// <summary>The rows of one drive for one request, a page at a time; and what to ask for next.</summary>
/// <remarks>
/// Invariants: the drive holds no register between two rows that follow each other here, nor between the last row and
/// the name that the rest begins with, apart from what a common prefix hides behind its evidence.
/// </remarks>
internal sealed class RowRun(ListRequest request)
{
    private ListRequest _rest = request;
    private IReadOnlyList<ListRow> _rows = [];
    private int _next;
    private bool _isLast;

    public ListRow? Current => _next < _rows.Count ? _rows[_next] : null;

    /// <summary>The next row must be asked for.</summary>
    public bool IsStarved => _next == _rows.Count && !_isLast;

    public bool IsEnd => _next == _rows.Count && _isLast;

    /// <summary>Asks for what follows the rows that were taken.</summary>
    public ListRequest Rest(int limit) => _rest with { Limit = limit };

    /// <summary>False when the answer leads nowhere.</summary>
    public bool TryTake(ListReply reply)
    {
        if (reply.Rows.Count == 0 && !reply.IsEnd)
        {
            return false;
        }

        _rows = reply.Rows;
        _next = 0;
        _isLast = reply.IsEnd;
        if (!_isLast)
        {
            ListRow last = _rows[^1];
            _rest = last.IsCut
                ? _rest with { From = last.Name, OlderThan = last.Entries[^1].Birth }
                : _rest with { From = RegisterNames.After(last.Name.Span), OlderThan = null };
        }

        return true;
    }

    public void Advance() => _next++;

    /// <summary>Leaves out everything below a name; null: everything.</summary>
    public void SkipTo(byte[]? name)
    {
        if (name is null)
        {
            _next = _rows.Count;
            _isLast = true;
            return;
        }

        while (_next < _rows.Count && _rows[_next].Name.Span.SequenceCompareTo(name) < 0)
        {
            _next++;
        }

        if (!_isLast && _rest.From.Span.SequenceCompareTo(name) < 0)
        {
            _rest = _rest with { From = name, OlderThan = null };
        }
    }
}
