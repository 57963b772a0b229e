namespace Cairn.Objects.Layout;

/// <summary>A table on its way to fair shares.</summary>
/// <remarks>Concurrency: one caller. Deterministic: ties go to the lower number.</remarks>
internal sealed class ShareBalance
{
    private readonly StoreLayout _layout;
    private readonly ushort[] _present;
    private readonly HashSet<int> _isHopeless = [];
    private readonly IReadOnlyList<LayoutDrive> _drives;
    private readonly int[] _fair;
    private readonly int _width;
    private readonly int[] _zoneOf;
    private readonly int[] _nodeOf;
    private readonly int[] _load;
    private readonly int[,] _timesAtPosition;
    private readonly List<int>[] _held;

    public ShareBalance(StoreLayout layout, IReadOnlyList<LayoutDrive> drives, ushort[] present, int[] fair)
    {
        _layout = layout;
        _drives = drives;
        _fair = fair;
        _width = layout.Width;
        _present = present;
        Table = [.. present];
        _zoneOf = NumbersOf(drives.Select(drive => drive.Zone));
        _nodeOf = NumbersOf(drives.Select(drive => drive.Node));
        _load = new int[drives.Count];
        _timesAtPosition = new int[drives.Count, _width];
        _held = [.. drives.Select(_ => new List<int>())];
        for (int index = 0; index < Table.Length; index++)
        {
            Count(Table[index], index, 1);
        }
    }

    public ushort[] Table { get; }

    public void Run()
    {
        Drain();
        SpreadOut();
        while (NeediestDrive() is { } needy && (TryFill(needy) || TryFillThroughOthers(needy)))
        {
            // Each turn brings one drive one position nearer to its share.
        }
    }

    // What leaves has to go, whatever that does to shares and spread.
    private void Drain()
    {
        foreach (int drive in Enumerable.Range(0, _drives.Count).Where(index => _drives[index].Duty != LayoutDuty.Active))
        {
            foreach (int index in _held[drive].ToArray())
            {
                int to = Enumerable.Range(0, _drives.Count)
                    .Where(candidate => CanTake(candidate, index))
                    .DefaultIfEmpty(-1)
                    .MinBy(candidate => candidate < 0 ? default : (
                        SpreadAfter(index, candidate),
                        -MissingOf(candidate),
                        _timesAtPosition[candidate, index % _width],
                        candidate));
                if (to < 0)
                {
                    throw new ArgumentException(
                        "No other drive can take what a drive that leaves holds; wait until the moves under way are done.");
                }

                Move(index, to);
            }
        }
    }

    // Safety goes before shares: where a new node or zone lets a partition be spread better, it is.
    private void SpreadOut()
    {
        for (int first = 0; first < Table.Length; first += _width)
        {
            while (FindBetterSpread(first) is { } move)
            {
                Move(move.Index, move.Drive);
            }
        }
    }

    private (int Index, int Drive)? FindBetterSpread(int first)
    {
        (int Index, int Drive)? best = null;
        (int Spread, int Giver, int Taker) bestScore = (0, 0, 0);
        for (int index = first; index < first + _width; index++)
        {
            int spread = SpreadOf(index);
            for (int drive = 0; drive < _drives.Count && spread > 0; drive++)
            {
                (int Spread, int, int) score = (
                    SpreadAfter(index, drive) - spread, MissingOf(Table[index]), -MissingOf(drive));
                if (score.Spread < 0 && CanTake(drive, index) && (best is null || score.CompareTo(bestScore) < 0))
                {
                    best = (index, drive);
                    bestScore = score;
                }
            }
        }

        return best;
    }

    private int? NeediestDrive()
    {
        int needy = Enumerable.Range(0, _drives.Count)
            .Where(drive => MissingOf(drive) > 0 && !_isHopeless.Contains(drive))
            .DefaultIfEmpty(-1)
            .MaxBy(drive => drive < 0 ? 0 : (double)MissingOf(drive) / _fair[drive]);
        return needy < 0 ? null : needy;
    }

    private bool TryFill(int needy)
    {
        if (FindFor(needy, donor => MissingOf(donor) < 0) is not { } index)
        {
            return false;
        }

        Move(index, needy);
        return true;
    }

    // Positions handed on from drive to drive, from one that has too many: the shortest way there is (breadth first).
    private bool TryFillThroughOthers(int needy)
    {
        Dictionary<int, (int Taker, int Index)> ways = new() { [needy] = (-1, -1) };
        Queue<int> takers = new([needy]);
        while (takers.TryDequeue(out int taker))
        {
            for (int donor = 0; donor < _drives.Count; donor++)
            {
                if (!ways.ContainsKey(donor) && FindFor(taker, candidate => candidate == donor) is { } index)
                {
                    ways[donor] = (taker, index);
                    if (MissingOf(donor) < 0 && TryHandOn(ways, donor))
                    {
                        return true;
                    }

                    takers.Enqueue(donor);
                }
            }
        }

        return _isHopeless.Add(needy);
    }

    // Two of the moves may be of one partition, and not go together.
    private bool TryHandOn(Dictionary<int, (int Taker, int Index)> ways, int donor)
    {
        Stack<(int Index, int Donor)> done = new();
        for (int giver = donor; ways[giver] is { Taker: >= 0 } way; giver = way.Taker)
        {
            if (Table[way.Index] != giver
                || !CanTake(way.Taker, way.Index)
                || SpreadAfter(way.Index, way.Taker) > SpreadOf(way.Index))
            {
                while (done.TryPop(out (int Index, int Donor) move))
                {
                    Move(move.Index, move.Donor);
                }

                return false;
            }

            Move(way.Index, way.Taker);
            done.Push((way.Index, giver));
        }

        return true;
    }

    /// <summary>The best position for a drive among those that some drives hold.</summary>
    private int? FindFor(int needy, Func<int, bool> isDonor)
    {
        int? best = null;
        (int Spread, int Surplus, int Times) bestScore = default;
        for (int donor = 0; donor < _drives.Count; donor++)
        {
            if (donor == needy || !isDonor(donor))
            {
                continue;
            }

            foreach (int index in _held[donor])
            {
                if (!CanTake(needy, index))
                {
                    continue;
                }

                int spread = SpreadAfter(index, needy) - SpreadOf(index);
                (int, int, int) score = (spread, MissingOf(donor), _timesAtPosition[needy, index % _width]);
                if (spread <= 0 && (best is null || score.CompareTo(bestScore) < 0))
                {
                    best = index;
                    bestScore = score;
                }
            }
        }

        return best;
    }

    private int MissingOf(int drive) => _fair[drive] - _load[drive];

    // A drive does not change its position in a partition: it would have to drop the one before it takes the other.
    private bool CanTake(int drive, int index)
    {
        int partition = index / _width;
        return _drives[drive].Duty == LayoutDuty.Active
            && !RowOf(Table, partition).Contains((ushort)drive)
            && (!RowOf(_present, partition).Contains((ushort)drive) || _present[index] == drive)
            && !IsBusyWith(drive, partition);
    }

    // Its former drive is still part of a position that is on its way; and one that has yet to drop it must first do so.
    private bool IsBusyWith(int drive, int partition) =>
        (_layout.Progress.Joints.Count > 0
            && _layout.DrivesOf(partition).Contains((ushort)drive)
            && !RowOf(_present, partition).Contains((ushort)drive))
        || (_layout.Progress.Leftovers.Count > 0
            && _layout.Progress.Leftovers.Contains(new Leftover(drive, partition, 0)));

    private ReadOnlySpan<ushort> RowOf(ushort[] table, int partition) => table.AsSpan(partition * _width, _width);

    private void Move(int index, int to)
    {
        Count(Table[index], index, -1);
        Table[index] = (ushort)to;
        Count(to, index, 1);
    }

    private void Count(int drive, int index, int by)
    {
        _load[drive] += by;
        _timesAtPosition[drive, index % _width] += by;
        if (by > 0)
        {
            _held[drive].Add(index);
        }
        else
        {
            _held[drive].Remove(index);
        }
    }

    private int SpreadOf(int index) => SpreadAfter(index, Table[index]);

    /// <summary>With how many others of its partition a position shares zone and node when it is on that drive.</summary>
    private int SpreadAfter(int index, int drive)
    {
        int first = index - (index % _width);
        int inZone = 0;
        int onNode = 0;
        for (int other = first; other < first + _width; other++)
        {
            if (other != index)
            {
                inZone += _zoneOf[Table[other]] == _zoneOf[drive] ? 1 : 0;
                onNode += _nodeOf[Table[other]] == _nodeOf[drive] ? 1 : 0;
            }
        }

        return (inZone * _width * _width) + onNode;
    }

    private static int[] NumbersOf(IEnumerable<string> names)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        return [.. names.Select(name => numbers.TryGetValue(name, out int number) ? number : numbers[name] = numbers.Count)];
    }
}
