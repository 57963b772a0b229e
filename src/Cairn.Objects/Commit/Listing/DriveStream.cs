using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit.Listing;

/// <summary>One drive's part in a listing.</summary>
/// <remarks>
/// Where the evidence of a common prefix does not hold, the drive is asked for every register behind it within the
/// prefix (inside); the rows behind the prefix, which it has sent already, wait meanwhile.
/// Concurrency: one listing.
/// </remarks>
internal sealed class DriveStream(DriveHandle drive, ListRequest request, long epoch)
{
    // Most pages come first and suffice; more than one says that many rows lead to nothing.
    private const int FirstRefill = 16;
    private const int MostRefill = 1_000;

    private readonly RowRun _outer = new(request);
    private RowRun? _inner;
    private int _refill = FirstRefill;
    private bool _isBegun;

    public DriveHandle Drive => drive;

    /// <summary>Under way, or answered and not taken yet.</summary>
    public Task<DriveResult<ListReply>>? Call { get; private set; }

    /// <summary>The answer did not come in time; the listing no longer counts on it.</summary>
    public bool IsLate { get; set; }

    public ListRow? Current => Run.Current;

    /// <summary>Of registers that the drive has not shown so far: RegisterView.Floor.</summary>
    public Ballot Floor { get; private set; }

    public bool IsStarved => Run.IsStarved;

    public bool IsEnd => Run.IsEnd;

    private RowRun Run => _inner ?? _outer;

    /// <param name="wanted">Entries that the listing lacks.</param>
    public void Ask(int wanted)
    {
        int limit = wanted;
        if (_isBegun)
        {
            limit = Math.Max(limit, _refill);
            _refill = Math.Min(_refill * 2, MostRefill);
        }

        _isBegun = true;
        Call = drive.ListAsync(Run.Rest(limit), epoch).AsTask();
    }

    /// <summary>Takes the answer; false when the drive failed, or its silence proves nothing.</summary>
    public bool TryTake(DriveResult<ListReply> reply)
    {
        Call = null;
        bool isTaken = reply is { IsOk: true, Value.IsVoting: true } && Run.TryTake(reply.Value);
        Floor = isTaken ? reply.Value.Floor : Floor;
        LeaveIfDone();
        return isTaken;
    }

    public void Advance()
    {
        Run.Advance();
        LeaveIfDone();
    }

    /// <summary>Leaves out everything below a name that lies behind the current common prefix; null: everything.</summary>
    public void SkipTo(byte[]? name)
    {
        _inner = null;
        _outer.SkipTo(name);
    }

    /// <summary>Goes on register by register within a common prefix.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="from">First name to look at.</param>
    /// <param name="behind">First name behind the prefix; null: there is none.</param>
    public void LookInside(ReadOnlyMemory<byte> prefix, byte[] from, byte[]? behind)
    {
        if (_inner is null)
        {
            _inner = new RowRun(request with { Prefix = prefix, From = from, OlderThan = null, Delimiter = default });
            _outer.SkipTo(behind);
        }
        else
        {
            _inner.SkipTo(from);
            LeaveIfDone();
        }
    }

    private void LeaveIfDone()
    {
        if (_inner is { IsEnd: true })
        {
            _inner = null;
        }
    }
}
