using System.Globalization;
using Cairn.Drives.Os;
using Cairn.Primitives.Ids;
using Cairn.Primitives.Scheduling;

namespace Cairn.Drives.Shards;

/// <summary>The shard files of a drive, and which of them no row of the index names yet.</summary>
/// <remarks>
/// Purpose: one place that knows where a shard's file is, and what must not be taken for an orphan.
/// Invariants: a file without a row is in <see cref="_unnamed"/>, or held by a reader, or an orphan of an earlier run.
/// Concurrency: any caller.
/// </remarks>
internal sealed class ShardFiles(IDriveFiles files, IWorkScheduler scheduler)
{
    public const string Root = "shards";

    private const int DirectoryCount = 256;
    private const long NotSealed = -1;

    private readonly Lock _gate = new();
    private readonly Dictionary<DataId, long> _unnamed = [];
    private readonly bool[] _hasDirectory = new bool[DirectoryCount];
    private readonly bool[] _hasUnsyncedRemoval = new bool[DirectoryCount];
    private readonly HashSet<Task> _removals = [];

    // How many removals of a file are ordered or under way. Names do not tell an old file from a new one, so nobody may
    // make a file of that name before they are over.
    private readonly Dictionary<DataId, int> _removing = [];
    private bool _hasLeftover;

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
    public async ValueTask<IDriveFile> CreateAsync(DataId data, CancellationToken cancellationToken)
    {
        int directory = DirectoryIndex(data);
        if (!Volatile.Read(ref _hasDirectory[directory]))
        {
            await files.EnsureDirectoryAsync(DirectoryOf(directory), cancellationToken);
            Volatile.Write(ref _hasDirectory[directory], true);
        }

        lock (_gate)
        {
            if (_removing.ContainsKey(data))
            {
                throw new DriveIoException(DriveFault.Io, $"Shard {data} is being removed; it can be written afterwards.");
            }

            if (!_unnamed.TryAdd(data, NotSealed))
            {
                throw new DriveIoException(DriveFault.Io, $"Shard {data} is being written already.");
            }
        }

        try
        {
            return await files.CreateAsync(PathOf(data), cancellationToken);
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
    public async ValueTask SealAsync(DataId data, long length)
    {
        await files.SyncDirectoryAsync(DirectoryOf(DirectoryIndex(data)), CancellationToken.None);
        lock (_gate)
        {
            _unnamed[data] = length;
        }
    }

    public bool TryGetSealed(DataId data, out long length)
    {
        lock (_gate)
        {
            return _unnamed.TryGetValue(data, out length) && length != NotSealed;
        }
    }

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

        // Counted before it runs: whoever closes the drive meanwhile must know that it is still to come.
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _removals.Add(done.Task);
        }

        BeginRemoval(data);
        scheduler.Start(() => RemoveAsync(data, done));
    }

    /// <summary>Removes a file; open readers keep reading it.</summary>
    public async ValueTask RemoveAsync(DataId data)
    {
        BeginRemoval(data);
        try
        {
            await files.DeleteAsync(PathOf(data), CancellationToken.None);
            Volatile.Write(ref _hasUnsyncedRemoval[DirectoryIndex(data)], true);
            Holds.NoteRemoved(data);
            Forget(data);
        }
        finally
        {
            EndRemoval(data);
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
            // A reader may have taken hold of it while its row went.
            if (await hasRowAsync() || IsNeeded(data))
            {
                return false;
            }

            await files.DeleteAsync(PathOf(data), CancellationToken.None);
            return true;
        }
        finally
        {
            EndRemoval(data);
        }
    }

    /// <summary>Leaves nothing behind that a later start would have to look for.</summary>
    /// <returns>Whether that succeeded.</returns>
    public async ValueTask<bool> TryTidyAsync()
    {
        DataId[] unnamed;
        Task[] removals;
        lock (_gate)
        {
            unnamed = [.. _unnamed.Keys, .. Holds.ListDeferred()];
            removals = [.. _removals];
        }

        try
        {
            foreach (Task removal in removals)
            {
                await removal;
            }

            foreach (DataId data in unnamed)
            {
                await RemoveAsync(data);
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

    private async Task RemoveAsync(DataId data, TaskCompletionSource done)
    {
        try
        {
            await RemoveAsync(data);
        }
        catch (DriveIoException e)
        {
            Volatile.Write(ref _hasLeftover, true);
            OnFault(e);
        }

        EndRemoval(data);
        lock (_gate)
        {
            _removals.Remove(done.Task);
        }

        done.SetResult();
    }

    private void BeginRemoval(DataId data)
    {
        lock (_gate)
        {
            _removing[data] = _removing.GetValueOrDefault(data) + 1;
        }
    }

    private void EndRemoval(DataId data)
    {
        lock (_gate)
        {
            int left = _removing[data] - 1;
            if (left == 0)
            {
                _removing.Remove(data);
            }
            else
            {
                _removing[data] = left;
            }
        }
    }

    private static int DirectoryIndex(DataId data) => (int)(data.Random % DirectoryCount);

    private void Forget(DataId data)
    {
        lock (_gate)
        {
            _unnamed.Remove(data);
        }
    }
}
