using System.Globalization;
using Cairn.Drives.Os;
using Cairn.Primitives.Ids;
using Cairn.Primitives.Scheduling;

namespace Cairn.Drives.Shards;

/// <summary>The shard files of a drive, and which of them no row of the index names yet.</summary>
/// <remarks>
/// Purpose: one place that knows where a shard's file is, and what must not be taken for an orphan.
/// Invariants: a file without a row is in <see cref="_unnamed"/>, or held by a reader, or an orphan of an earlier run.
/// Names do not tell one file from another that was made after it. So a file is only removed by the holder of its claim,
/// or while nobody can make one of its name; and after the drive was closed by nobody, since its next opening may have
/// made it.
/// Concurrency: any caller.
/// </remarks>
internal sealed class ShardFiles(IDriveFiles files, IWorkScheduler scheduler)
{
    public const string Root = "shards";

    private const int DirectoryCount = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<DataId, ShardClaim> _unnamed = [];
    private readonly bool[] _hasDirectory = new bool[DirectoryCount];
    private readonly bool[] _hasUnsyncedRemoval = new bool[DirectoryCount];

    // How many removals of a file are ordered or under way: nobody may make a file of that name before they are over.
    private readonly Dictionary<DataId, int> _removing = [];
    private TaskCompletionSource? _removalsEnded;
    private bool _hasLeftover;
    private bool _isClosed;

    /// <summary>Shards that readers hold.</summary>
    public ShardHolds Holds { get; } = new();

    /// <summary>Told about files that could not be removed.</summary>
    public Action<DriveIoException> OnFault { get; init; } = static _ => { };

    public static string DirectoryOf(int directory) =>
        Root + "/" + directory.ToString("x2", CultureInfo.InvariantCulture);

    // The low bits are chance; the high ones are the clock, which would put a day's files into one directory.
    public static string PathOf(DataId data) => DirectoryOf(DirectoryIndex(data)) + "/" + data;

    public static bool TryParseName(string name, out DataId data)
    {
        data = default;
        if (name.Length != 32
            || !ulong.TryParse(name.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong clock)
            || !ulong.TryParse(name.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong random))
        {
            return false;
        }

        data = new DataId(clock, random);
        return true;
    }

    /// <summary>Makes the file of a new shard; it counts as unnamed until an accept names it.</summary>
    /// <exception cref="DriveIoException">
    /// Busy while another one writes or removes it; Io when a file is in the way, be it sealed and named by nobody.
    /// </exception>
    public async ValueTask<(IDriveFile File, ShardClaim Claim)> CreateAsync(
        DataId data, CancellationToken cancellationToken)
    {
        int directory = DirectoryIndex(data);
        if (!Volatile.Read(ref _hasDirectory[directory]))
        {
            await files.EnsureDirectoryAsync(DirectoryOf(directory), cancellationToken);
            Volatile.Write(ref _hasDirectory[directory], true);
        }

        ShardClaim claim = new(data);
        lock (_gate)
        {
            bool isUnderWay = _removing.ContainsKey(data) || _unnamed.GetValueOrDefault(data) is { IsSealed: false };
            if (isUnderWay || !_unnamed.TryAdd(data, claim))
            {
                throw isUnderWay
                    ? new DriveIoException(DriveFault.Busy, $"Shard {data} is being written or removed by somebody else.")
                    : new DriveIoException(DriveFault.Io, $"Shard {data} is there already, and nothing names it.");
            }
        }

        try
        {
            return (await files.CreateAsync(PathOf(data), cancellationToken), claim);
        }
        catch
        {
            Forget(data);
            throw;
        }
    }

    public ValueTask<IDriveFile> OpenAsync(DataId data, CancellationToken cancellationToken) =>
        files.OpenAsync(PathOf(data), cancellationToken);

    /// <summary>Makes the directory entry of a shard durable, and lets an accept name it.</summary>
    /// <returns>False when the claim was lost: the file was removed, or the drive closed.</returns>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public async ValueTask<bool> TrySealAsync(ShardClaim claim, long length)
    {
        await files.SyncDirectoryAsync(DirectoryOf(DirectoryIndex(claim.Data)), CancellationToken.None);
        lock (_gate)
        {
            return IsHeld(claim) && claim.Seal(length);
        }
    }

    public bool TryGetSealed(DataId data, out long length)
    {
        lock (_gate)
        {
            ShardClaim? claim = _unnamed.GetValueOrDefault(data);
            length = claim?.Length ?? 0;
            return claim is { IsSealed: true };
        }
    }

    /// <summary>Removes the file that a claim was given for, unless the claim was lost.</summary>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public async ValueTask AbandonAsync(ShardClaim claim)
    {
        lock (_gate)
        {
            if (!IsHeld(claim))
            {
                return;
            }

            BeginRemoval(claim.Data);
        }

        try
        {
            await DeleteAsync(claim.Data);
        }
        finally
        {
            EndRemoval(claim.Data);
        }
    }

    /// <summary>No accept names the shard from now on, unless one has.</summary>
    public void Revoke(DataId data) => Forget(data);

    /// <summary>No row names it, and yet it is not an orphan: its row is to come, or a reader holds it.</summary>
    public bool IsNeeded(DataId data)
    {
        lock (_gate)
        {
            return _unnamed.ContainsKey(data) || Holds.IsDeferred(data);
        }
    }

    /// <summary>A durable row names the shard: from now on the row keeps it.</summary>
    public void MarkNamed(DataId data) => Forget(data);

    /// <summary>Ends a reader's hold.</summary>
    public void Release(DataId data)
    {
        if (Holds.Release(data))
        {
            StartRemoval(data);
        }
    }

    /// <summary>
    /// Removes a file in the background, as soon as no reader holds it. A file that stays behind is an orphan for the
    /// next sweep.
    /// </summary>
    public void StartRemoval(DataId data)
    {
        if (Holds.TryDefer(data))
        {
            return;
        }

        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            BeginRemoval(data);
        }

        scheduler.Start(() => RemoveAsync(data));
    }

    /// <summary>
    /// Lets nobody make a file of that name until the removal is disposed, so that what is found out about it stays true.
    /// </summary>
    /// <returns>Null when it is being written, or the drive is closed.</returns>
    public ShardRemoval? TryBeginRemoval(DataId data)
    {
        lock (_gate)
        {
            if (_isClosed || _unnamed.GetValueOrDefault(data) is { IsSealed: false })
            {
                return null;
            }

            BeginRemoval(data);
            return new ShardRemoval(this, data);
        }
    }

    /// <summary>Removes a file; open readers keep reading it. Between the beginning of its removal and the end.</summary>
    /// <exception cref="DriveIoException">The device failed: the file may be an orphan now.</exception>
    public async ValueTask DeleteAsync(DataId data)
    {
        try
        {
            await files.DeleteAsync(PathOf(data), CancellationToken.None);
            Volatile.Write(ref _hasUnsyncedRemoval[DirectoryIndex(data)], true);
            Holds.NoteRemoved(data);
        }
        catch (DriveIoException)
        {
            Volatile.Write(ref _hasLeftover, true);
            throw;
        }
        finally
        {
            Forget(data);
        }
    }

    public void EndRemoval(DataId data)
    {
        lock (_gate)
        {
            int left = _removing[data] - 1;
            if (left > 0)
            {
                _removing[data] = left;
                return;
            }

            _removing.Remove(data);
            if (_removing.Count == 0)
            {
                _removalsEnded?.TrySetResult();
            }
        }
    }

    /// <summary>Removes a file of an earlier run, unless it is needed or has a row.</summary>
    /// <param name="data">Whose file it is.</param>
    /// <param name="hasRowAsync">Whether a row names it; asked when nobody can make such a file any more.</param>
    /// <returns>Whether it was removed.</returns>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public async ValueTask<bool> TryRemoveOrphanAsync(DataId data, Func<ValueTask<bool>> hasRowAsync)
    {
        lock (_gate)
        {
            if (IsNeeded(data))
            {
                return false;
            }

            BeginRemoval(data);
        }

        try
        {
            // A reader may hold it whose row went a moment ago: then it goes with the hold.
            if (await hasRowAsync() || IsNeeded(data) || Holds.TryDefer(data))
            {
                return false;
            }

            await DeleteAsync(data);
            return true;
        }
        finally
        {
            EndRemoval(data);
        }
    }

    /// <summary>Nobody removes a file any more, and ends when the removals that were begun have.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (_removing.Count == 0)
            {
                return Task.CompletedTask;
            }

            _removalsEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _removalsEnded.Task;
        }
    }

    /// <summary>Leaves nothing behind that a later start would have to look for. Of a closed drive.</summary>
    /// <returns>Whether that succeeded.</returns>
    public async ValueTask<bool> TryTidyAsync()
    {
        DataId[] unnamed;
        lock (_gate)
        {
            unnamed = [.. _unnamed.Keys, .. Holds.ListDeferred()];
        }

        try
        {
            foreach (DataId data in unnamed)
            {
                await DeleteAsync(data);
            }

            for (int directory = 0; directory < DirectoryCount; directory++)
            {
                if (Volatile.Read(ref _hasUnsyncedRemoval[directory]))
                {
                    await files.SyncDirectoryAsync(DirectoryOf(directory), CancellationToken.None);
                }
            }

            return !Volatile.Read(ref _hasLeftover);
        }
        catch (DriveIoException e)
        {
            OnFault(e);
            return false;
        }
    }

    private async Task RemoveAsync(DataId data)
    {
        try
        {
            await DeleteAsync(data);
        }
        catch (DriveIoException e)
        {
            OnFault(e);
        }

        EndRemoval(data);
    }

    private bool IsHeld(ShardClaim claim) =>
        !_isClosed && ReferenceEquals(_unnamed.GetValueOrDefault(claim.Data), claim);

    // Within the gate.
    private void BeginRemoval(DataId data) => _removing[data] = _removing.GetValueOrDefault(data) + 1;

    private static int DirectoryIndex(DataId data) => (int)(data.Random % DirectoryCount);

    private void Forget(DataId data)
    {
        lock (_gate)
        {
            _unnamed.Remove(data);
        }
    }
}
