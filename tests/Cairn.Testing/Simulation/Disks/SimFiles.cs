using Cairn.Drives;
using Cairn.Drives.Os;

namespace Cairn.Testing.Simulation.Disks;

/// <summary>The files of a simulated disk, for one life of a process.</summary>
internal sealed class SimFiles(SimMount mount) : IDriveFiles
{
    private readonly SimDisk _disk = mount.Disk;

    public async ValueTask<IDriveFile> CreateAsync(string path, CancellationToken cancellationToken)
    {
        await _disk.BeginAsync(mount, SimOperation.Names, cancellationToken);
        if (!_disk.Names.HasDirectory(SimNames.DirectoryOf(path)))
        {
            throw new DriveIoException(DriveFault.NotFound, $"{_disk.Name}: no directory for {path}.");
        }

        if (_disk.Names.Find(path) is not null)
        {
            throw new DriveIoException(DriveFault.Io, $"{_disk.Name}: {path} exists.");
        }

        _disk.AssertRoom(1);
        var inode = new SimInode();
        _disk.Names.Change(new SimNameChange(path, null, inode));
        await _disk.EndAsync(mount, "create", path, 0);
        return new SimFile(mount, path, inode, isWritable: true);
    }

    public async ValueTask<IDriveFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        await _disk.BeginAsync(mount, SimOperation.Read, cancellationToken);
        SimInode inode = _disk.Names.Find(path)
            ?? throw new DriveIoException(DriveFault.NotFound, $"{_disk.Name}: no file {path}.");
        return new SimFile(mount, path, inode, isWritable: false);
    }

    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        await _disk.BeginAsync(mount, SimOperation.Names, cancellationToken);
        if (_disk.Names.Find(path) is not null)
        {
            _disk.Names.Change(new SimNameChange(path, null, null));
        }

        await _disk.EndAsync(mount, "delete", path, 0);
    }

    public async ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken)
    {
        await _disk.BeginAsync(mount, SimOperation.Names, cancellationToken);
        if (_disk.Names.Find(source) is null || !_disk.Names.HasDirectory(SimNames.DirectoryOf(target)))
        {
            throw new DriveIoException(DriveFault.NotFound, $"{_disk.Name}: cannot rename {source} to {target}.");
        }

        _disk.Names.Change(new SimNameChange(source, target, null));
        await _disk.EndAsync(mount, "rename", source + " to " + target, 0);
    }

    public async ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        await _disk.BeginAsync(mount, SimOperation.Read, cancellationToken);
        return _disk.Names.Find(path) is not null || _disk.Names.HasDirectory(path);
    }

    public async ValueTask EnsureDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        await _disk.BeginAsync(mount, SimOperation.Names, cancellationToken);
        _disk.Names.EnsureDirectory(path);
        await _disk.EndAsync(mount, "directory", path, 0);
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        await _disk.BeginAsync(mount, SimOperation.Read, cancellationToken);
        return _disk.Names.List(path);
    }

    public async ValueTask SyncDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        await _disk.BeginAsync(mount, SimOperation.Sync, cancellationToken);
        _disk.Names.Sync(path);
        await _disk.EndAsync(mount, "sync directory", path, 0);
    }

    public async ValueTask<DriveUsage> StatAsync(CancellationToken cancellationToken)
    {
        await _disk.BeginAsync(mount, SimOperation.Read, cancellationToken);
        return new DriveUsage(_disk.CapacityBytes, _disk.FreeBytes);
    }
}
