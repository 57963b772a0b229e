using Cairn.Drives;
using Cairn.Drives.Index;
using Cairn.Drives.Os;

namespace Cairn.Testing.Simulation.Disks;

/// <summary>The index of a simulated disk, for one life of a process. Holds its user to the contract of the seam.</summary>
/// <remarks>
/// A batch is durable from the moment it is visible, before its writer hears of it; a crash before that loses it whole.
/// </remarks>
internal sealed class SimIndex : IDriveIndex
{
    private readonly SimMount _mount;
    private readonly SimDisk _disk;
    private bool _isWriting;
    private bool _isPoisoned;
    private bool _isDisposed;

    private SimIndex(SimMount mount)
    {
        _mount = mount;
        _disk = mount.Disk;
    }

    /// <summary>Opens the index, reading its log.</summary>
    /// <exception cref="DriveIoException">The disk is out or reports an error.</exception>
    public static async ValueTask<SimIndex> OpenAsync(SimMount mount, SimProcess owner)
    {
        SimDisk disk = mount.Disk;
        await disk.BeginAsync(mount, SimOperation.IndexRead, CancellationToken.None);
        if (disk.OpenedIndex is { } other && other.Owner is { IsAlive: true })
        {
            throw disk.World.Fail($"{disk.Name}: the index is opened while it is open.");
        }

        var index = new SimIndex(mount) { Owner = owner };
        disk.OpenedIndex = index;
        disk.Tables.Recover(disk.PickFate());
        return index;
    }

    private SimProcess? Owner { get; init; }

    public async ValueTask<byte[]?> GetAsync(IndexFamily family, ReadOnlyMemory<byte> key)
    {
        AssertUsable();
        await _disk.BeginAsync(_mount, SimOperation.IndexRead, CancellationToken.None);
        IndexRow? row = _disk.Tables.Find(family, key);
        return row is null ? null
            : row.IsRotten ? throw Rotten()
            : [.. row.Value];
    }

    public async ValueTask WriteAsync(IndexBatch batch)
    {
        AssertUsable();
        if (_isWriting)
        {
            throw _disk.World.Fail($"{_disk.Name}: two index batches are written at once.");
        }

        if (_isPoisoned)
        {
            throw new DriveIoException(DriveFault.Poisoned, $"{_disk.Name}: an earlier index write failed.");
        }

        _isWriting = true;
        try
        {
            if (_disk.AcknowledgesEarly)
            {
                WriteEarly(batch);
                return;
            }

            ulong before = Fingerprint(batch);
            _disk.AssertRoom(SizeOf(batch));
            await _disk.BeginAsync(_mount, SimOperation.IndexWrite, CancellationToken.None);
            if (Fingerprint(batch) != before)
            {
                throw _disk.World.Fail($"{_disk.Name}: a batch changed while it was being written.");
            }

            _disk.Tables.Apply(batch.Changes);
            _disk.NoteIndexBatch();
            await _disk.EndAsync(_mount, "index batch", "", batch.Changes.Count);
        }
        catch (DriveIoException)
        {
            _isPoisoned = true;
            _disk.Tables.Doubt(batch);
            throw;
        }
        finally
        {
            _isWriting = false;
        }
    }

    public IIndexCursor OpenCursor(IndexFamily family, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper)
    {
        AssertUsable();
        if (_mount.IsDetached)
        {
            throw new DriveIoException(DriveFault.Offline, $"{_disk.Name}: the drive is not there.");
        }

        return new SimIndexCursor(_disk, _disk.Tables.Table(family), lower.ToArray(), upper.ToArray());
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (ReferenceEquals(_disk.OpenedIndex, this))
        {
            _disk.OpenedIndex = null;
        }

        return ValueTask.CompletedTask;
    }

    internal static DriveIoException Rotten() =>
        new(DriveFault.Corrupt, "A block of the index fails its checksum.") { IsOfIndex = true };

    private async void WriteEarly(IndexBatch batch)
    {
        _disk.Tables.BeginUndurable();
        _disk.Tables.Apply(batch.Changes);
        await _disk.World.DelayAsync(TimeSpan.FromMilliseconds(50));
        if (!_mount.IsCrashed)
        {
            _disk.Tables.EndUndurable();
        }
    }

    private static long SizeOf(IndexBatch batch)
    {
        long size = 0;
        foreach (IndexChange change in batch.Changes)
        {
            size += change.IsDelete ? 0 : change.Key.Length + change.Value.Length;
        }

        return size;
    }

    private static ulong Fingerprint(IndexBatch batch)
    {
        ulong hash = TraceHash.Start;
        foreach (IndexChange change in batch.Changes)
        {
            hash = TraceHash.Add(hash, change.Key.Span);
            hash = TraceHash.Add(hash, change.Value.Span);
        }

        return hash;
    }

    private void AssertUsable()
    {
        _disk.World.AssertInside();
        if (_isDisposed)
        {
            throw _disk.World.Fail($"{_disk.Name}: the index is used after its disposal.");
        }
    }
}
