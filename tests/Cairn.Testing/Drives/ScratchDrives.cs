using Cairn.Drives;
using Cairn.Drives.Index.RocksDb;
using Cairn.Drives.Os;
using Cairn.Primitives;

namespace Cairn.Testing.Drives;

/// <summary>Folders for the drives of a node, below one temporary folder that goes away with it.</summary>
internal sealed class ScratchDrives : IDisposable
{
    public ScratchDrives(int count)
    {
        Root = Directory.CreateTempSubdirectory("cairn-drives-").FullName;
        Paths = [.. Enumerable.Range(1, count).Select(i => Path.Combine(Root, "drive" + i))];
    }

    public string Root { get; }

    public string[] Paths { get; }

    public string? WalDirectory { get; set; }

    /// <summary>Small and quick: little memory, a short probe period, no reserve.</summary>
    public OsDriveOptions Options => new()
    {
        Time = TimeProvider.System,
        Entropy = new OsEntropy(),
        Scheduler = new PoolWork(),
        WalDirectory = WalDirectory,
        Index = new RocksDbSizes { CacheBytes = 8 << 20, WriteBufferBytes = 4 << 20 },
        ThreadsPerDrive = 2,
        ProbePeriod = TimeSpan.FromMilliseconds(20),
        Drive = new LocalDriveOptions { ReserveBytes = 0, ReservePercent = 0 },
    };

    public Task<LocalDriveSet> OpenAsync() => LocalDriveSet.OpenAsync(Paths, Options);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private sealed class OsEntropy : IEntropy
    {
        public void Fill(Span<byte> destination) =>
            System.Security.Cryptography.RandomNumberGenerator.Fill(destination);
    }
}
