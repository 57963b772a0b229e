using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Os;

/// <summary>The files of a drive below a folder of the operating system.</summary>
/// <remarks>
/// Purpose: the production side of the file seam. Every call that may wait for the device runs on the drive's threads.
/// Failure: as the seam says; all other exceptions of the framework are turned into DriveIoException.
/// </remarks>
internal sealed class OsDriveFiles(string root, DriveThreads threads) : IDriveFiles
{
    private readonly DevicePace _readPace = DevicePace.ForReads();

    public string Root => root;

    public ValueTask<IDriveFile> CreateAsync(string path, CancellationToken cancellationToken) =>
        RunAsync<IDriveFile>(() => Open(path, FileMode.CreateNew, FileAccess.ReadWrite), cancellationToken);

    public ValueTask<IDriveFile> OpenAsync(string path, CancellationToken cancellationToken) =>
        RunAsync<IDriveFile>(() => Open(path, FileMode.Open, FileAccess.Read), cancellationToken);

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
        DoAsync(() => Delete(path), cancellationToken);

    public ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken) =>
        DoAsync(() => File.Move(Full(source), Full(target), overwrite: true), cancellationToken);

    public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken) =>
        RunAsync(() => File.Exists(Full(path)) || Directory.Exists(Full(path)), cancellationToken);

    public ValueTask EnsureDirectoryAsync(string path, CancellationToken cancellationToken) =>
        DoAsync(() => EnsureDirectory(path), cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<string>>(() => List(path), cancellationToken);

    public ValueTask SyncDirectoryAsync(string path, CancellationToken cancellationToken) =>
        DoAsync(() => LinuxCalls.SyncDirectory(Full(path)), cancellationToken);

    public ValueTask<DriveUsage> StatAsync(CancellationToken cancellationToken) => RunAsync(Stat, cancellationToken);

    private DriveUsage Stat()
    {
        DriveInfo drive = new(root);
        return new DriveUsage(drive.TotalSize, drive.AvailableFreeSpace);
    }

    private string[] List(string path)
    {
        string full = Full(path);
        if (!Directory.Exists(full))
        {
            return [];
        }

        string[] names = [.. Directory.EnumerateFileSystemEntries(full).Select(entry => Path.GetFileName(entry)!)];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    private void Delete(string path)
    {
        string full = Full(path);
        if (File.Exists(full))
        {
            File.Delete(full);
        }
    }

    private string Full(string path) => Path.Combine(root, path);

    private OsDriveFile Open(string path, FileMode mode, FileAccess access)
    {
        // Shared with deletion, so that a dropped shard can be unlinked while it is read.
        SafeFileHandle handle = File.OpenHandle(
            Full(path), mode, access, FileShare.ReadWrite | FileShare.Delete, FileOptions.None);
        return new OsDriveFile(handle, threads, _readPace);
    }

    // The parents' entries are made durable from the top down; an existing directory costs no sync.
    private void EnsureDirectory(string path)
    {
        string parent = root;
        foreach (string segment in path.Split('/'))
        {
            string child = Path.Combine(parent, segment);
            if (!Directory.Exists(child))
            {
                Directory.CreateDirectory(child);
                LinuxCalls.SyncDirectory(parent);
            }

            parent = child;
        }
    }

    private async ValueTask<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await threads.RunAsync(() => OsFault.Guard(work));
    }

    private async ValueTask DoAsync(Action work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await threads.RunAsync(() => OsFault.Guard(work));
    }
}
