namespace Cairn.Testing.Simulation.Disks;

/// <summary>The directory tree of a disk: as programs see it, and as the platter holds it.</summary>
/// <remarks>
/// Invariants: the visible tree is the durable one with the pending changes applied in order. Directories are durable
/// at once. At a power loss any subset of the pending changes may have reached the platter, except that a change never
/// survives without the earlier ones of the same name: that much a journaling file system keeps.
/// </remarks>
internal sealed class SimNames
{
    private readonly SortedDictionary<string, SortedDictionary<string, SimInode>> _visible = NewTree();
    private readonly SortedDictionary<string, SortedDictionary<string, SimInode>> _durable = NewTree();
    private readonly List<SimNameChange> _pending = [];

    public bool HasUnsynced => _pending.Count > 0;

    public static string DirectoryOf(string path) =>
        path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    public SimInode? Find(string path) =>
        _visible.TryGetValue(DirectoryOf(path), out SortedDictionary<string, SimInode>? names)
            ? names.GetValueOrDefault(NameOf(path))
            : null;

    public bool HasDirectory(string path) => _visible.ContainsKey(path);

    public void EnsureDirectory(string path)
    {
        while (_visible.TryAdd(path, new SortedDictionary<string, SimInode>(StringComparer.Ordinal)))
        {
            _durable.Add(path, new SortedDictionary<string, SimInode>(StringComparer.Ordinal));
            path = DirectoryOf(path);
        }
    }

    public void Change(SimNameChange change)
    {
        Apply(change, _visible);
        _pending.Add(change);
    }

    /// <summary>Makes a directory's changes durable, with the earlier changes elsewhere that they rest on.</summary>
    public void Sync(string directory)
    {
        var needed = new bool[_pending.Count];
        for (int i = _pending.Count - 1; i >= 0; i--)
        {
            needed[i] = _pending[i].IsIn(directory) || IsNeededLater(i, needed);
        }

        for (int i = 0; i < needed.Length; i++)
        {
            if (needed[i])
            {
                Apply(_pending[i], _durable);
            }
        }

        int next = 0;
        _pending.RemoveAll(_ => needed[next++]);
    }

    /// <summary>Files by full path, in ordinal order.</summary>
    public IEnumerable<(string Path, SimInode Inode)> Files()
    {
        foreach ((string directory, SortedDictionary<string, SimInode> names) in _visible)
        {
            foreach ((string name, SimInode inode) in names)
            {
                yield return (directory.Length == 0 ? name : directory + "/" + name, inode);
            }
        }
    }

    /// <summary>Names directly in a directory: files and directories, in ordinal order.</summary>
    public IReadOnlyList<string> List(string directory)
    {
        if (!_visible.TryGetValue(directory, out SortedDictionary<string, SimInode>? files))
        {
            return [];
        }

        var names = new SortedSet<string>(files.Keys, StringComparer.Ordinal);
        foreach (string other in _visible.Keys)
        {
            if (other.Length > 0 && DirectoryOf(other) == directory)
            {
                names.Add(NameOf(other));
            }
        }

        return [.. names];
    }

    public void LosePower(SimRandom random)
    {
        double survival = random.PickWeighted([2, 1, 2]) switch { 0 => 0, 1 => 1, _ => 0.5 };
        var lost = new List<SimNameChange>();
        foreach (SimNameChange change in _pending)
        {
            bool restsOnLost = lost.Exists(l => l.Touches(change.Path)
                || (change.Target is not null && l.Touches(change.Target)));
            if (!restsOnLost && random.Chance(survival))
            {
                Apply(change, _durable);
            }
            else
            {
                lost.Add(change);
            }
        }

        _pending.Clear();
        _visible.Clear();
        foreach ((string directory, SortedDictionary<string, SimInode> names) in _durable)
        {
            _visible.Add(directory, new SortedDictionary<string, SimInode>(names, StringComparer.Ordinal));
        }
    }

    private static SortedDictionary<string, SortedDictionary<string, SimInode>> NewTree() =>
        new(StringComparer.Ordinal) { [""] = new SortedDictionary<string, SimInode>(StringComparer.Ordinal) };

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private bool IsNeededLater(int index, bool[] needed)
    {
        SimNameChange change = _pending[index];
        for (int later = index + 1; later < needed.Length; later++)
        {
            if (needed[later] && (_pending[later].Touches(change.Path)
                || (change.Target is not null && _pending[later].Touches(change.Target))))
            {
                return true;
            }
        }

        return false;
    }

    private static void Apply(SimNameChange change, SortedDictionary<string, SortedDictionary<string, SimInode>> tree)
    {
        SortedDictionary<string, SimInode> names = tree[DirectoryOf(change.Path)];
        if (change.Created is not null)
        {
            names[NameOf(change.Path)] = change.Created;
            return;
        }

        if (names.Remove(NameOf(change.Path), out SimInode? moved) && change.Target is not null)
        {
            tree[DirectoryOf(change.Target)][NameOf(change.Target)] = moved;
        }
    }
}
