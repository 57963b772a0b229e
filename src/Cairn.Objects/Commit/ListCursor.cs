using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>One drive's side of a merged listing: its rows, page by page.</summary>
/// <remarks>Invariants: Current is the drive's first row at or behind the position it was last asked for.</remarks>
internal sealed class ListCursor(DriveHandle drive, ListRequest template)
{
    private Task<DriveResult<ListReply>>? _fetching;
    private IReadOnlyList<ListRow> _rows = [];
    private int _index;
    private bool _isEnd;

    public DriveHandle Drive => drive;

    /// <summary>The row to be merged next; null when the drive has no more or has to be asked first.</summary>
    public ListRow? Current => _index < _rows.Count ? _rows[_index] : null;

    public bool NeedsFetch => _index >= _rows.Count && !_isEnd;

    public bool IsAtEnd => _index >= _rows.Count && _isEnd;

    /// <summary>Asks the drive for what follows; several cursors ask at once.</summary>
    public void Begin(ReadOnlyMemory<byte> from, Ballot? olderThan) =>
        _fetching ??= drive.ListAsync(template with { From = from, OlderThan = olderThan }).AsTask();

    /// <summary>Takes the answer in.</summary>
    /// <returns>False when the drive failed, does not vote, or did not answer in time.</returns>
    public async ValueTask<bool> EndAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        DriveResult<ListReply> reply;
        try
        {
            reply = _fetching!.IsCompleted
                ? await _fetching
                : await _fetching.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            drive.Timing.NoteLate();
            return false;
        }

        _fetching = null;
        if (!reply.IsOk || !reply.Value.IsVoting)
        {
            return false;
        }

        _rows = reply.Value.Rows;
        _index = 0;
        _isEnd = reply.Value.IsEnd;
        return true;
    }

    public void MoveNext() => _index++;

    /// <summary>Forgets what it has: the next fetch starts anew.</summary>
    public void Reset()
    {
        _rows = [];
        _index = 0;
        _isEnd = false;
    }

    /// <summary>Skips rows that start with a prefix.</summary>
    public void SkipPrefix(ReadOnlySpan<byte> prefix)
    {
        while (_index < _rows.Count && _rows[_index].Name.Span.StartsWith(prefix))
        {
            _index++;
        }
    }
}
