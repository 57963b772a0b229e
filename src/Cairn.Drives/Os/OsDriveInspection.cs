using Cairn.Drives.Format;
using Cairn.Drives.Index.RocksDb;
using Cairn.Drives.Inspection;

namespace Cairn.Drives.Os;

/// <summary>Inspects a drive of this machine that is not in use. Changes nothing.</summary>
public static class OsDriveInspection
{
    /// <param name="path">Of the drive.</param>
    /// <param name="readsShards">Also read every shard file; otherwise only their headers and lengths are looked at.</param>
    /// <param name="cancellationToken">Ends the inspection.</param>
    /// <exception cref="DriveIoException">Not a drive, in use, or not to be read; the message tells the user.</exception>
    public static async Task<(DriveFormat Format, DriveReport Report)> RunAsync(
        string path, bool readsShards, CancellationToken cancellationToken)
    {
        DriveProbe probe = DriveProber.Probe(path);
        DriveFormat format = probe.Format ?? throw new DriveIoException(
            DriveFault.NotFound,
            $"The drive at {path} cannot be inspected: " + (probe.Problem ?? "there is no drive") + ".");
        using IDisposable held = DriveLock.TakeForReading(path);
        using RocksDbEnvironment environment = new(new RocksDbSizes { CacheBytes = 32 << 20 });
        using DriveThreads threads = new("cairn-inspect", 2, 64);
        OsDriveFiles files = new(Path.GetFullPath(path), threads);
        string logs = Directory.CreateTempSubdirectory("cairn-inspect-").FullName;
        try
        {
            await using RocksDbIndex index = await RocksDbIndex.OpenAsync(
                new RocksDbSettings
                {
                    Environment = environment,
                    Path = Path.Combine(Path.GetFullPath(path), DriveFolders.Index),
                    WalDirectory = await WalLocation.ReadAsync(files),
                    LogDirectory = logs,
                    Mode = RocksDbMode.ReadOnly,
                },
                threads);
            return (format, await new DriveInspector(index, files, format.Drive, readsShards).RunAsync(cancellationToken));
        }
        finally
        {
            Directory.Delete(logs, recursive: true);
        }
    }
}
