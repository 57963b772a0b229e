using Cairn.Drives.Os;

namespace Cairn.Testing.Simulation.Disks;

/// <summary>An open file of a simulated disk. Also holds its user to the contract of the seam.</summary>
internal sealed class SimFile : IDriveFile
{
    private readonly SimMount _mount;
    private readonly SimDisk _disk;
    private readonly SimInode _inode;
    private readonly string _path;
    private readonly bool _isWritable;
    private bool _isWriting;
    private bool _isDisposed;

    public SimFile(SimMount mount, string path, SimInode inode, bool isWritable)
    {
        _mount = mount;
        _disk = mount.Disk;
        _path = path;
        _inode = inode;
        _isWritable = isWritable;
        _disk.OpenFiles.Add(path);
    }

    public long Length => _inode.Length;

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        WriteAsync(offset, [bytes], cancellationToken);

    // One write to the disk: it may tear anywhere, also within a part.
    public async ValueTask WriteAsync(
        long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        AssertUsable();
        if (!_isWritable || _isWriting)
        {
            throw _disk.World.Fail($"{_path} is written " + (_isWriting ? "by two at once." : "but open for reading."));
        }

        await _disk.StopIfDeadAsync(_mount);
        _isWriting = true;
        try
        {
            byte[] bytes = Join(parts);
            int tear = _disk.PickTear(bytes.Length);
            _disk.AssertRoom(Math.Max(0, offset + bytes.Length - _inode.Length));
            // The first piece is there before the call ends: readers, errors and crashes may see half a write.
            _inode.Write((int)offset, bytes.AsSpan(0, tear));
            await _disk.BeginAsync(_mount, SimOperation.Write, cancellationToken);
            if (!bytes.AsSpan().SequenceEqual(Join(parts)))
            {
                throw _disk.World.Fail($"The buffer changed while {_path} was being written.");
            }

            _inode.Write((int)offset + tear, bytes.AsSpan(tear));
            await _disk.EndAsync(_mount, "write", _path, bytes.Length);
        }
        finally
        {
            _isWriting = false;
        }
    }

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        AssertUsable();
        await _disk.BeginAsync(_mount, SimOperation.Read, cancellationToken);
        return _inode.Read(offset, destination.Span);
    }

    public async ValueTask SyncAsync(CancellationToken cancellationToken)
    {
        AssertUsable();
        try
        {
            await _disk.BeginAsync(_mount, SimOperation.Sync, cancellationToken);
        }
        catch (DriveIoException)
        {
            _inode.GiveUpDirty();
            throw;
        }

        _inode.Sync();
        await _disk.EndAsync(_mount, "sync", _path, _inode.Length);
    }

    public ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            // Handles of an earlier life were already counted out when it ended.
            if (!_mount.IsCrashed && !_mount.IsDetached)
            {
                _disk.OpenFiles.Remove(_path);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        byte[] joined = new byte[parts.Sum(part => part.Length)];
        int length = 0;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            part.Span.CopyTo(joined.AsSpan(length));
            length += part.Length;
        }

        return joined;
    }

    private void AssertUsable()
    {
        _disk.World.AssertInside();
        if (_isDisposed)
        {
            throw _disk.World.Fail($"{_path} is used after its disposal.");
        }
    }
}
