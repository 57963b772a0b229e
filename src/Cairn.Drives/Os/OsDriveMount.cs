using Cairn.Drives.Bays;
using Cairn.Drives.Format;
using Cairn.Drives.Index.RocksDb;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Os;

/// <summary>Everything below one open drive: folder, lock, threads, index.</summary>
/// <remarks>
/// Purpose: opens them in order, and closes them in reverse whatever failed on the way.
/// Invariants: the index is only opened under the lock; files and index go through the pinned folder.
/// </remarks>
internal sealed class OsDriveMount : IAsyncDisposable
{
    private const int MaxWaitingCalls = 4096;
    private const int TokenBytes = 16;

    private readonly string _path;
    private readonly RocksDbEnvironment _environment;
    private readonly OsDriveOptions _options;
    private readonly PinnedFolder _folder;
    private readonly DriveLock _lock;
    private LocalDrive? _drive;

    private OsDriveMount(string path, RocksDbEnvironment environment, OsDriveOptions options)
    {
        _path = path;
        _environment = environment;
        _options = options;
        _folder = new PinnedFolder(path);
        try
        {
            byte[] token = new byte[TokenBytes];
            options.Entropy.Fill(token);
            _lock = DriveLock.Take(_folder.Path, token);
            Threads = new DriveThreads("cairn-drive", options.ThreadsPerDrive, MaxWaitingCalls);
            Files = new OsDriveFiles(_folder.Path, Threads);
        }
        catch
        {
            _lock?.Dispose();
            _folder.Dispose();
            throw;
        }
    }

    public DriveThreads Threads { get; }

    public OsDriveFiles Files { get; }

    /// <summary>Formats an empty folder. The drive is not open afterwards.</summary>
    /// <exception cref="DriveIoException">The device failed; formatting can be begun again.</exception>
    public static async ValueTask FormatAsync(
        string path, DriveFormat format, bool isRecovering, RocksDbEnvironment environment, OsDriveOptions options)
    {
        await using OsDriveMount mount = new(path, environment, options);
        await DriveFormatter.BeginAsync(mount.Files, CancellationToken.None);
        string? wal = mount.WalFolderOf(format.Drive);
        await mount.Threads.RunAsync(() => OsFault.Guard(() => ClearForFormat(mount._folder.Path, wal)));
        await WalLocation.CreateAsync(mount.Files, wal);
        await using RocksDbIndex index = await RocksDbIndex.OpenAsync(
            mount.Settings(wal, RocksDbMode.Create), mount.Threads);
        await DriveFormatter.FinishAsync(mount.Files, index, format, isRecovering, CancellationToken.None);
    }

    /// <summary>Replaces the index of a drive that is not open by an empty one of a recovering drive.</summary>
    /// <exception cref="DriveIoException">It is not this drive, or the device failed; can be begun again.</exception>
    public static async ValueTask RenewIndexAsync(
        string path, DriveFormat expected, RocksDbEnvironment environment, OsDriveOptions options)
    {
        await using OsDriveMount mount = new(path, environment, options);
        await mount.DemandAsync(expected);
        string? wal = mount.WalFolderOf(expected.Drive);
        await mount.Threads.RunAsync(() => OsFault.Guard(() => RemoveIndex(mount._folder.Path, wal)));
        await WalLocation.CreateAsync(mount.Files, wal);
        await using RocksDbIndex index = await RocksDbIndex.OpenAsync(
            mount.Settings(wal, RocksDbMode.Create), mount.Threads);
        await DriveFormatter.RenewIndexAsync(index, expected);
    }

    /// <summary>Replaces format.json of a drive that is not open.</summary>
    /// <exception cref="DriveIoException">The old format, or the new one, is there.</exception>
    public static async ValueTask RewriteFormatAsync(
        string path, DriveFormat format, RocksDbEnvironment environment, OsDriveOptions options)
    {
        await using OsDriveMount mount = new(path, environment, options);
        await DriveDocuments.WriteAsync(
            mount.Files, DriveFormat.FileName, DriveFormatCodec.Encode(format), CancellationToken.None);
    }

    /// <summary>Opens the drive that belongs at the path.</summary>
    /// <exception cref="DriveIoException">It is not there, or not to be opened; the message tells the user what to do.</exception>
    public static async ValueTask<MountedDrive> OpenAsync(
        string path,
        DriveFormat expected,
        RocksDbEnvironment environment,
        OsDriveOptions options,
        Action<DriveIoException> onFault)
    {
        OsDriveMount? mount = null;
        try
        {
            mount = new OsDriveMount(path, environment, options);
            await mount.DemandAsync(expected);
            await mount.OpenDriveAsync(expected.Drive, onFault);
            OsDriveMount opened = mount;
            return new MountedDrive(opened._drive!, opened.IsPresentAsync, opened.DisposeAsync);
        }
        catch (DriveIoException e)
        {
            if (mount is not null)
            {
                await mount.DisposeAsync();
            }

            throw new DriveIoException(e.Fault, $"The drive at {path} cannot be used: {e.Message.TrimEnd('.')}.", e)
            {
                IsOfIndex = e.IsOfIndex,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_drive is not null)
        {
            await _drive.DisposeAsync();
        }

        Threads.Dispose();
        _lock.Dispose();
        _folder.Dispose();
    }

    private ValueTask<bool> IsPresentAsync() => new(Threads.RunAsync(() =>
        _lock.IsAt(_path) && File.Exists(Path.Combine(_path, DriveFormat.FileName))));

    private async ValueTask DemandAsync(DriveFormat expected)
    {
        DriveFormat? found = await DriveFormatter.ReadAsync(Files, CancellationToken.None);
        if (DriveVerdict.Refusal(found, expected) is { } refusal)
        {
            throw new DriveIoException(DriveFault.Offline, refusal);
        }
    }

    private async ValueTask OpenDriveAsync(DriveId id, Action<DriveIoException> onFault)
    {
        string? wal = WalFolderOf(id);
        bool isWalLost = await WalLocation.SettleAsync(
            Files, wal, async old => await CloseLogAsync(old));
        DemandIndex();
        RocksDbIndex index = await RocksDbIndex.OpenAsync(Settings(wal, RocksDbMode.Open), Threads);
        _drive = await LocalDrive.OpenAsync(new LocalDriveParts
        {
            Id = id,
            Files = Files,
            Index = index,
            Time = _options.Time,
            Scheduler = _options.Scheduler,
            Options = _options.Drive,
            LostWrites = isWalLost || index.WasLossy,
            OnFault = onFault,
        });
    }

    // The log moves: what is in the old one goes into the index first, as at every opening.
    private async ValueTask CloseLogAsync(string? wal)
    {
        RocksDbIndex index = await RocksDbIndex.OpenAsync(Settings(wal, RocksDbMode.Open), Threads);
        await index.DisposeAsync();
    }

    private string? WalFolderOf(DriveId id) =>
        _options.WalDirectory is { } shared ? Path.Combine(Path.GetFullPath(shared), id.ToString()) : null;

    private RocksDbSettings Settings(string? wal, RocksDbMode mode) => new()
    {
        Environment = _environment,
        Path = Path.Combine(_folder.Path, DriveFolders.Index),
        WalDirectory = wal,
        Mode = mode,
    };

    // RocksDB cannot tell a database that is gone from one that was never made.
    private void DemandIndex()
    {
        if (!File.Exists(Path.Combine(_folder.Path, DriveFolders.Index, "CURRENT")))
        {
            throw new DriveIoException(DriveFault.Corrupt, "its index is gone") { IsOfIndex = true };
        }
    }

    // Whatever lies here is of a formatting that did not end: DriveProbe lets no other folder come this far.
    private static void ClearForFormat(string root, string? wal)
    {
        RemoveIndex(root, wal);
        RemoveFolder(Path.Combine(root, DriveFolders.Shards));
        LinuxCalls.SyncDirectory(root);
    }

    private static void RemoveIndex(string root, string? wal)
    {
        RemoveFolder(Path.Combine(root, DriveFolders.Index));
        RemoveFolder(wal);
        LinuxCalls.SyncDirectory(root);
    }

    private static void RemoveFolder(string? path)
    {
        if (path is not null && Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
