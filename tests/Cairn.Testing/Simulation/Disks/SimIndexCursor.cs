using System.Collections.Immutable;
using Cairn.Drives.Index;

namespace Cairn.Testing.Simulation.Disks;

/// <summary>Walks one immutable table between two bounds. An empty upper bound is none.</summary>
internal sealed class SimIndexCursor(SimDisk disk, ImmutableSortedSet<IndexRow> table, byte[] lower, byte[] upper)
    : IIndexCursor
{
    private int _position = -1;
    private bool _isStarted;
    private bool _isDisposed;

    public ReadOnlySpan<byte> Key => Current().Key;

    public ReadOnlySpan<byte> Value => Current().Value;

    public bool MoveNext()
    {
        if (!_isStarted)
        {
            return Seek(lower);
        }

        if (IsInside())
        {
            _position++;
        }

        return Arrive();
    }

    public bool Seek(ReadOnlySpan<byte> key)
    {
        byte[] target = key.SequenceCompareTo(lower) < 0 ? lower : key.ToArray();
        int found = table.IndexOf(new IndexRow(target, []));
        _position = found >= 0 ? found : ~found;
        _isStarted = true;
        return Arrive();
    }

    public void Dispose() => _isDisposed = true;

    private bool IsInside() => _position < table.Count
        && (upper.Length == 0 || table[_position].Key.AsSpan().SequenceCompareTo(upper) < 0);

    private bool Arrive()
    {
        Assert(!_isDisposed, "moved after its disposal");
        if (!IsInside())
        {
            return false;
        }

        return table[_position].IsRotten ? throw SimIndex.Rotten() : true;
    }

    private IndexRow Current()
    {
        Assert(!_isDisposed && _isStarted && IsInside(), "read where it has no position");
        return table[_position];
    }

    private void Assert(bool holds, string misuse)
    {
        if (!holds)
        {
            throw disk.World.Fail($"{disk.Name}: a cursor is {misuse}.");
        }
    }
}
