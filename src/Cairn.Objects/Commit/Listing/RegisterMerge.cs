using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit.Listing;

/// <summary>The registers of enough drives, in key order, with what each drive holds of them.</summary>
/// <remarks>
/// Purpose: a k-way merge whose inputs come and go. Each step shows the lowest name that any heard drive holds; a heard
/// drive that is not at it does not hold it.
/// Invariants: while not starved, the heard drives cover every partition (DriveCoverage), and each of them has a row or
/// is at its end. A drive that joins later begins where the merge stands.
/// Failure: a drive that fails or does not vote is replaced by another, if the rest does not suffice; one that is late
/// is given up for another, unless it answers first.
/// Concurrency: one listing.
/// </remarks>
internal sealed class RegisterMerge(StoreEngine engine, StorePlacement placement, ListRequest request)
{
    private readonly DriveGroups _groups = placement.Groups;
    private readonly DriveHandle[] _preferred = DrivePreference.Order(placement.Drives, request);
    private readonly DriveCoverage _coverage = new(placement.Groups, placement.Layout.ReadQuorum);
    private readonly List<DriveStream> _streams = [];
    private readonly HashSet<int> _used = [];
    private readonly List<DriveStream> _at = [];
    private ReadOnlyMemory<byte> _position = request.From;
    private bool _isBehindPosition;

    /// <summary>The lowest name; valid after MoveNext.</summary>
    public ReadOnlyMemory<byte> Name { get; private set; }

    /// <summary>Of the register at which the merge stands, only versions born before are of interest.</summary>
    public Ballot? OlderThan { get; private set; } = request.OlderThan;

    /// <summary>All heard drives.</summary>
    public IReadOnlyList<DriveStream> Streams => _streams;

    /// <summary>The heard drives that hold the register called Name, if they are of its partition.</summary>
    public IReadOnlyList<DriveStream> Holders => _at;

    public bool Holds(DriveStream stream) => _at.Contains(stream);

    /// <summary>Of what the drive does not show of the register called Name: RegisterView.Floor.</summary>
    public Ballot FloorOf(DriveStream stream) => Holds(stream) ? stream.Current!.Floor : stream.Floor;

    /// <summary>As ReplicaViews.IsBacked, of a live value of the register called Name.</summary>
    public bool IsBacked(VersionId slot, Ballot ballot)
    {
        Partition partition = placement.PartitionOf(Key);
        int backing = 0;
        foreach (Replica replica in partition.Drives)
        {
            backing += replica.Members.All(member => IsBackedBy(member.Drive, slot, ballot)) ? 1 : 0;
        }

        return backing >= partition.ReadQuorum;
    }

    public bool IsStarved => !_coverage.IsComplete || _streams.Exists(static stream => stream.IsStarved);

    public bool IsEnd => !IsStarved && _streams.TrueForAll(static stream => stream.IsEnd);

    /// <summary>The layout in whose name all drives are asked.</summary>
    public StorePlacement Placement => placement;

    public RegisterKey Key => RegisterKey.Of(request.Space, request.Bucket, Name.Span);

    /// <summary>Gets rows where they lack.</summary>
    /// <param name="wanted">Entries that the listing lacks.</param>
    /// <param name="cancellationToken">The merge is of no more use.</param>
    /// <returns>False when too few drives answer.</returns>
    public async ValueTask<bool> FillAsync(int wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            AddDrives();
            foreach (DriveStream stream in _streams)
            {
                if (stream is { IsStarved: true, Call: null })
                {
                    stream.Ask(ShareOf(wanted));
                }
            }

            List<Task> timely = CallsOf(isLate: false);
            if (timely.Count == 0 && _coverage.IsComplete)
            {
                _streams.RemoveAll(static stream => stream.IsLate);
                return true;
            }

            List<Task> late = CallsOf(isLate: true);
            if (timely.Count > 0)
            {
                await WaitForTimelyAsync(timely, cancellationToken);
            }
            else if (late.Count > 0)
            {
                await Task.WhenAny(late).WaitAsync(cancellationToken);
            }
            else
            {
                return false;
            }

            await TakeAnswersAsync();
        }
    }

    /// <summary>Goes to the lowest name; false at the end.</summary>
    public bool MoveNext()
    {
        _at.Clear();
        ReadOnlyMemory<byte> lowest = default;
        foreach (DriveStream stream in _streams)
        {
            if (stream.Current is not { } row)
            {
                continue;
            }

            int order = _at.Count == 0 ? -1 : row.Name.Span.SequenceCompareTo(lowest.Span);
            if (order < 0)
            {
                _at.Clear();
                lowest = row.Name;
            }

            if (order <= 0)
            {
                _at.Add(stream);
            }
        }

        if (_at.Count == 0)
        {
            return false;
        }

        MoveTo(lowest);
        return true;
    }

    /// <summary>Leaves the register called Name behind.</summary>
    public void Pass()
    {
        foreach (DriveStream stream in _streams)
        {
            if (IsAt(stream, Name))
            {
                stream.Advance();
            }
        }

        _position = Name;
        _isBehindPosition = true;
        OlderThan = null;
    }

    /// <summary>Leaves the versions of the register called Name behind that were born at or after a time.</summary>
    public void PassVersions(Ballot birth)
    {
        foreach (DriveStream stream in _streams)
        {
            if (IsAt(stream, Name) && stream.Current is { IsCut: true } row && row.Entries[^1].Birth >= birth)
            {
                stream.Advance();
            }
        }

        OlderThan = birth;
    }

    /// <summary>Leaves everything below a name behind; null: everything.</summary>
    public void SkipTo(byte[]? name)
    {
        foreach (DriveStream stream in _streams)
        {
            stream.SkipTo(name);
        }

        _position = name ?? _position;
        _isBehindPosition = false;
        OlderThan = null;
    }

    /// <summary>
    /// A register below a common prefix was no evidence for it: the drives that took it for such are asked for what lies
    /// between it and the end of the prefix.
    /// </summary>
    /// <param name="name">The register; the merge then stands behind it.</param>
    /// <param name="prefix">The common prefix.</param>
    public void LookInside(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> prefix)
    {
        byte[] from = RegisterNames.After(name.Span);
        byte[]? behind = RegisterNames.Behind(prefix.Span);
        foreach (DriveStream stream in _streams)
        {
            // With versions a drive may have cut or left out what made it take the register for evidence.
            if (request.AllVersions || IsEvidence(stream.Current, name))
            {
                stream.LookInside(prefix, from, behind);
            }
            else if (IsAt(stream, name))
            {
                stream.Advance();
            }
        }

        _position = name;
        _isBehindPosition = true;
        OlderThan = null;
    }

    private bool IsBackedBy(DriveHandle drive, VersionId slot, Ballot ballot) =>
        _streams.Find(stream => stream.Drive == drive) is { } stream
        && (FloorOf(stream) < ballot
            || (Holds(stream) && stream.Current!.Entries.Any(entry => entry.Slot == slot)));

    private static bool IsAt(DriveStream stream, ReadOnlyMemory<byte> name) =>
        stream.Current is { } row && row.Name.Span.SequenceEqual(name.Span);

    private static bool IsEvidence(ListRow? row, ReadOnlyMemory<byte> name) =>
        row is not null
        && row.Name.Span.SequenceEqual(name.Span)
        && row.Entries.Any(static entry => entry is { IsCommitted: true, IsRemoved: false });

    private void MoveTo(ReadOnlyMemory<byte> name)
    {
        if (_isBehindPosition || !name.Span.SequenceEqual(_position.Span))
        {
            OlderThan = null;
        }

        Name = name;
        _position = name;
        _isBehindPosition = false;
        if (_groups.Count > 1)
        {
            Partition partition = placement.PartitionOf(Key);
            _at.RemoveAll(stream => partition.PositionOf(stream.Drive) < 0);
        }
    }

    private void AddDrives()
    {
        for (int i = 0; i < _preferred.Length && !_coverage.IsComplete; i++)
        {
            int drive = _preferred[i].Index;
            if (_coverage.Needs(drive) && _used.Add(drive))
            {
                ListRequest rest = request with
                {
                    From = _isBehindPosition ? RegisterNames.After(_position.Span) : _position,
                    OlderThan = OlderThan,
                };
                _streams.Add(new DriveStream(_preferred[i], rest, placement.Layout.CallEpoch));
                _coverage.Add(drive);
            }
        }
    }

    private List<Task> CallsOf(bool isLate)
    {
        List<Task> calls = [];
        foreach (DriveStream stream in _streams)
        {
            if (stream.Call is { } call && stream.IsLate == isLate)
            {
                calls.Add(call);
            }
        }

        return calls;
    }

    private async ValueTask WaitForTimelyAsync(List<Task> calls, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(calls).WaitAsync(
                engine.Options.StragglerDelay, engine.Environment.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            foreach (DriveStream stream in _streams)
            {
                if (stream is { Call.IsCompleted: false, IsLate: false })
                {
                    stream.IsLate = true;
                    stream.Drive.Timing.NoteLate();
                    _coverage.Remove(stream.Drive.Index);
                }
            }
        }
    }

    private async ValueTask TakeAnswersAsync()
    {
        for (int i = _streams.Count - 1; i >= 0; i--)
        {
            DriveStream stream = _streams[i];
            if (stream.Call is not { IsCompleted: true } call)
            {
                continue;
            }

            bool isTaken = stream.TryTake(await call);
            if (isTaken && stream.IsLate)
            {
                _coverage.Add(stream.Drive.Index);
            }
            else if (!isTaken && !stream.IsLate)
            {
                _coverage.Remove(stream.Drive.Index);
            }

            stream.IsLate = false;
            if (!isTaken)
            {
                _streams.RemoveAt(i);
            }
        }
    }

    // With more drives than a partition is wide, each holds only a part of the rows; an eighth more for chance.
    private int ShareOf(int wanted)
    {
        int width = placement.Layout.Width;
        int count = _groups.Drives;
        return count == width ? wanted : Math.Min(wanted, (int)((long)wanted * width * 9 / (count * 8)) + 16);
    }
}
