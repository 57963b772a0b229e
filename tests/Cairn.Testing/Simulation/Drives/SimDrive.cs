using Cairn.Drives;
using Cairn.Drives.Format;
using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Disks;

namespace Cairn.Testing.Simulation.Drives;

/// <summary>Opens the production drive on a simulated disk, formatting it when it is empty.</summary>
internal static class SimDrive
{
    /// <summary>Everything small, so that every bound is met by a small workload.</summary>
    public static LocalDriveOptions Options { get; } = new()
    {
        ReserveBytes = 64 << 10,
        ReservePercent = 0,
        MaxBatchOperations = 16,
        CachedHeads = 4,
    };

    /// <summary>A drive id that is the same in every run.</summary>
    public static DriveId IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        SimRandom.Named((ulong)number, "drive id").Fill(bytes);
        return new DriveId(new Guid(bytes));
    }

    /// <summary>A shard file that no row of the index names; null when there is none.</summary>
    public static string? FindOrphan(SimDisk disk)
    {
        foreach ((string path, _) in disk.Names.Files().Where(f => f.Path.StartsWith("shards/", StringComparison.Ordinal)))
        {
            if (!ShardFiles.TryParseName(path[(path.LastIndexOf('/') + 1)..], out DataId data)
                || disk.Tables.Find(IndexFamily.Shards, ShardRow.Key(data)) is null)
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Nobody has finished formatting it.</summary>
    public static bool IsEmpty(SimDisk disk) => disk.Names.Find(DriveFormat.FileName) is null;

    /// <exception cref="DriveIoException">As the drive throws it.</exception>
    public static async Task<LocalDrive> OpenAsync(SimDisk disk, SimProcess process, DriveFormat format, bool isRecovering)
    {
        SimMount mount = disk.Mount();
        var files = new SimFiles(mount);
        DriveFormat? found = await DriveFormatter.ReadAsync(files, CancellationToken.None);
        if (found is null)
        {
            await DriveFormatter.BeginAsync(files, CancellationToken.None);
        }

        SimIndex index = await SimIndex.OpenAsync(mount, process);
        if (found is null)
        {
            await DriveFormatter.FinishAsync(files, index, format, isRecovering, CancellationToken.None);
        }

        return await LocalDrive.OpenAsync(new LocalDriveParts
        {
            Id = (found ?? format).Drive,
            Files = files,
            Index = index,
            Time = process.Time,
            Scheduler = process.Work,
            Options = Options,
        });
    }
}
