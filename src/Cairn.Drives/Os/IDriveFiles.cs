namespace Cairn.Drives.Os;

/// <summary>The files of one drive. Paths are relative to its root, with '/' between segments.</summary>
/// <remarks>
/// Production: the operating system. Simulation: a page cache that forgets at a crash what was not synced: file
/// content, and directory entries (creations, renames, removals) whose directory was not synced.
/// Failure: DriveIoException with Offline, Full, Io or NotFound.
/// </remarks>
public interface IDriveFiles
{
    /// <summary>Makes a new file; fails if it exists.</summary>
    ValueTask<IDriveFile> CreateAsync(string path, CancellationToken cancellationToken);

    /// <summary>Opens a file for reading (NotFound if absent). It stays readable after a removal until disposed.</summary>
    ValueTask<IDriveFile> OpenAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes a file; an absent one is no error. Durable after SyncDirectoryAsync.</summary>
    ValueTask DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Renames, replacing the target atomically. Durable after the sync of both directories.</summary>
    ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken);

    ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken);

    /// <summary>Makes a directory with its parents, durably.</summary>
    ValueTask EnsureDirectoryAsync(string path, CancellationToken cancellationToken);

    /// <summary>Names of files and directories directly in a directory, in ordinal order; empty if it does not exist.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>Makes the directory's entries durable.</summary>
    ValueTask SyncDirectoryAsync(string path, CancellationToken cancellationToken);

    ValueTask<DriveUsage> StatAsync(CancellationToken cancellationToken);
}
