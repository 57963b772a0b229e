using Cairn.Drives;
using Cairn.Drives.Index;
using Cairn.Drives.Os;

namespace Cairn.Testing.Simulation.Disks;

/// <summary>One physical medium: what is durable on it, what is only in its cache, and what is wrong with it.</summary>
/// <remarks>
/// Purpose: a drive's files and index share a fate; both live here and survive the handles to them.
/// Invariants: after LosePower only synced bytes, synced names and completed index batches are certain to remain.
/// A killed process alone loses nothing that the kernel already had.
/// </remarks>
internal sealed class SimDisk
{
    public const long Unlimited = 1L << 40;

    private static readonly Task Never = new TaskCompletionSource().Task;

    private TaskCompletionSource _nextIndexBatch = new();
    private readonly SimRandom _random;
    private readonly List<SimMount> _mounts = [];

    public SimDisk(World world, string name)
    {
        World = world;
        Name = name;
        _random = SimRandom.Named(world.Seed, "disk " + name);
    }

    public World World { get; }

    public string Name { get; }

    public SimFaults Faults { get; } = new();

    /// <summary>A lying disk: index batches are acknowledged and visible before they are durable.</summary>
    public bool AcknowledgesEarly { get; set; }

    public long CapacityBytes { get; set; } = Unlimited;

    public bool IsPresent { get; private set; } = true;

    public SimNames Names { get; } = new();

    public SimTables Tables { get; } = new();

    /// <summary>The index handle in use; like RocksDB's lock file, it admits one at a time.</summary>
    public SimIndex? OpenedIndex { get; set; }

    /// <summary>Paths of files opened and not disposed, by living processes or dead ones.</summary>
    public List<string> OpenFiles { get; } = [];

    public long UsedBytes => Tables.SizeBytes + Names.Files().Sum(f => (long)f.Inode.Length);

    public long FreeBytes => Math.Max(0, CapacityBytes - UsedBytes);

    /// <summary>Somebody has opened it since it was pulled out, or lost its power, last.</summary>
    public bool IsMounted => _mounts.Count > 0;

    /// <summary>New handles for a process that starts.</summary>
    public SimMount Mount()
    {
        var mount = new SimMount(this) { IsDetached = !IsPresent };
        _mounts.Add(mount);
        // What a killed process left open, the kernel has closed.
        OpenFiles.Clear();
        return mount;
    }

    /// <summary>The power fails: the cache is gone, and no operation in flight ever completes.</summary>
    public void LosePower()
    {
        World.Record(Name, "lost power");
        foreach (SimMount mount in _mounts)
        {
            mount.IsCrashed = true;
        }

        ForgetVolatile();
    }

    /// <summary>Pulls the disk out: what was not synced is lost, handles fail.</summary>
    public void Remove()
    {
        World.Record(Name, "removed");
        IsPresent = false;
        foreach (SimMount mount in _mounts)
        {
            mount.IsDetached = true;
        }

        ForgetVolatile();
    }

    /// <summary>Puts the disk back as it was. Old handles stay broken.</summary>
    public void Return()
    {
        World.Record(Name, "returned");
        IsPresent = true;
    }

    /// <summary>Flips a bit of one byte in a file, chosen by seed.</summary>
    /// <returns>What was hit, or null when no file matches.</returns>
    public string? RotFile(SimRandom random, string prefix = "")
    {
        List<(string Path, SimInode Inode)> files =
            [.. Names.Files().Where(f => f.Inode.Length > 0 && f.Path.StartsWith(prefix, StringComparison.Ordinal))];
        if (files.Count == 0)
        {
            return null;
        }

        (string path, SimInode inode) = random.Pick(files);
        int offset = random.Next(inode.Length);
        inode.Flip(offset, (byte)(1 << random.Next(8)));
        World.Record(Name, "rot in file", path, offset);
        return path;
    }

    /// <summary>Ends when the next batch is in the index, before its writer hears of it.</summary>
    /// <remarks>Continuations run inside: WhenAny would otherwise take them out of the world.</remarks>
    public Task NextIndexBatch => _nextIndexBatch.Task;

    public void NoteIndexBatch()
    {
        TaskCompletionSource noted = _nextIndexBatch;
        _nextIndexBatch = new TaskCompletionSource();
        noted.SetResult();
    }

    /// <summary>
    /// Spoils one stored value of a family, chosen by seed: the block it is in, which the index notices itself and no
    /// walk gets past; or the value alone, which only its owner's checksum tells.
    /// </summary>
    public bool RotIndex(SimRandom random, IndexFamily family)
    {
        System.Collections.Immutable.ImmutableSortedSet<IndexRow> table = Tables.Table(family);
        if (table.Count == 0)
        {
            return false;
        }

        IndexRow row = table[random.Next(table.Count)];
        if (random.Chance(0.5) && row.Value.Length > 0)
        {
            byte[] spoiled = [.. row.Value];
            spoiled[random.Next(spoiled.Length)] ^= (byte)(1 << random.Next(8));
            Tables.Replace(family, row, row with { Value = spoiled });
            World.Record(Name, "rot in value", family.ToString(), row.Key.Length);
            return true;
        }

        Tables.Replace(family, row, row with { IsRotten = true });
        World.Record(Name, "rot in index", family.ToString(), row.Key.Length);
        return true;
    }

    /// <summary>The first half of every operation: takes its time, and may end it with a fault.</summary>
    /// <exception cref="DriveIoException">The operation did not happen.</exception>
    public async ValueTask BeginAsync(SimMount mount, SimOperation operation, CancellationToken cancellationToken)
    {
        World.AssertInside();
        cancellationToken.ThrowIfCancellationRequested();
        await StopIfDeadAsync(mount);
        // Caches answer at once: callers must work both with and without a pause here.
        if (operation is not (SimOperation.Read or SimOperation.IndexRead) || _random.Chance(0.5))
        {
            await World.DelayAsync(Duration(operation));
        }

        while (Faults.IsHanging && !mount.IsCrashed && !mount.IsDetached)
        {
            await Faults.HangEnd;
        }

        await StopIfDeadAsync(mount);
        double chance = operation switch
        {
            SimOperation.Read or SimOperation.IndexRead => Faults.ReadErrorChance,
            SimOperation.Sync => Faults.SyncErrorChance,
            _ => Faults.WriteErrorChance,
        };
        if (_random.Chance(chance))
        {
            World.Record(Name, "I/O error", operation.ToString());
            throw new DriveIoException(DriveFault.Io, $"{Name}: injected error in {operation}.");
        }
    }

    /// <summary>The second half: the effect has happened, the answer is on its way and may never arrive.</summary>
    public async ValueTask EndAsync(SimMount mount, string what, string detail, long number)
    {
        World.CountEffect();
        World.Record(Name, what, detail, number);
        if (_random.Chance(0.5))
        {
            await World.DelayAsync(Duration(SimOperation.Write));
        }

        await StopIfDeadAsync(mount);
    }

    /// <summary>A point inside a write of that many bytes, where it may be seen or cut in two.</summary>
    public int PickTear(int length) => length == 0 ? 0 : _random.Next(length + 1);

    public bool PickFate() => _random.Chance(0.5);

    public void AssertRoom(long bytes)
    {
        // Counting the files is what costs; an unlimited disk is never counted.
        if (CapacityBytes < Unlimited && FreeBytes < bytes)
        {
            World.Record(Name, "full");
            throw new DriveIoException(DriveFault.Full, $"{Name}: no space left.");
        }
    }

    /// <summary>Throws when the disk is out, and never returns when the machine is down.</summary>
    public async ValueTask StopIfDeadAsync(SimMount mount)
    {
        if (mount.IsCrashed)
        {
            await Never;
        }

        if (mount.IsDetached)
        {
            throw new DriveIoException(DriveFault.Offline, $"{Name}: the drive is not there.");
        }
    }

    private void ForgetVolatile()
    {
        _mounts.Clear();
        OpenedIndex = null;
        OpenFiles.Clear();
        Names.LosePower(_random);
        foreach ((_, SimInode inode) in Names.Files())
        {
            inode.LosePower(_random);
        }

        Tables.LosePower();
        Faults.Release();
    }

    private TimeSpan Duration(SimOperation operation)
    {
        (int low, int high) = operation switch
        {
            SimOperation.Read or SimOperation.IndexRead => (20, 200),
            SimOperation.Sync or SimOperation.IndexWrite => (200, 4_000),
            _ => (20, 400),
        };
        // The rare long one, as every real disk has it: it reorders operations across drives.
        int factor = _random.Chance(0.02) ? 30 : 1;
        return TimeSpan.FromMicroseconds(_random.Between(low, high) * factor * Faults.Slowness);
    }
}
