using Cairn.Drives.Index;
using Cairn.Drives.Index.RocksDb;
using Cairn.Drives.Os;

namespace Cairn.Testing.Drives;

/// <summary>An index on RocksDB in a temporary folder.</summary>
internal sealed class RocksDbIndexFixture : IndexFixture
{
    // Small, so that a test that writes a megabyte meets everything that a drive meets in a year.
    private readonly RocksDbEnvironment _environment = new(new RocksDbSizes
    {
        CacheBytes = 8 << 20,
        WriteBufferBytes = 2 << 20,
        BufferBytes = 64 << 10,
        LogFileBytes = 256 << 10,
        PackBytes = 128 << 10,
    });

    private readonly DriveThreads _threads = new("test", 2, 1000);

    public string Folder { get; private set; } = Directory.CreateTempSubdirectory("cairn-index-").FullName;

    public override IDriveIndex Index { get; protected set; } = null!;

    /// <summary>Whether the last opening lost writes.</summary>
    public bool WasLossy => ((RocksDbIndex)Index).WasLossy;

    public static async Task<RocksDbIndexFixture> StartAsync()
    {
        RocksDbIndexFixture fixture = new();
        fixture.Index = await fixture.OpenAsync(RocksDbMode.Create);
        return fixture;
    }

    public override async Task ReopenAsync()
    {
        await Index.DisposeAsync();
        Index = await OpenAsync(RocksDbMode.Open);
    }

    /// <summary>
    /// Goes on with a copy of the files as they are now, as a start after kill -9 finds them, with something done to it.
    /// </summary>
    public async Task CrashAsync(Action<string> damage)
    {
        string copy = Directory.CreateTempSubdirectory("cairn-index-").FullName;
        while (!TryCopy(Folder, copy))
        {
            // Files came or went meanwhile: no crash would have left what was copied.
            await Task.Yield();
        }

        await Index.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        Folder = copy;
        damage(copy);
        Index = await OpenAsync(RocksDbMode.Open);
    }

    public async Task CloseAsync() => await Index.DisposeAsync();

    public ValueTask<RocksDbIndex> OpenAsync(RocksDbMode mode) => RocksDbIndex.OpenAsync(
        new RocksDbSettings { Environment = _environment, Path = Folder, Mode = mode }, _threads);

    /// <summary>RocksDB alone, after the index was closed.</summary>
    public RocksDbHandle OpenHandle() => RocksDbHandle.Open(
        new RocksDbSettings { Environment = _environment, Path = Folder }, handle => handle.Close());

    public override async ValueTask DisposeAsync()
    {
        await Index.DisposeAsync();
        _threads.Dispose();
        _environment.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static bool TryCopy(string from, string to)
    {
        Directory.Delete(to, recursive: true);
        Directory.CreateDirectory(to);
        try
        {
            string before = Describe(from);
            foreach (string file in Directory.GetFiles(from))
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }

            return Describe(from) == before;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static string Describe(string folder) => string.Join('\n', new DirectoryInfo(folder).GetFiles()
        .Select(file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}")
        .Order(StringComparer.Ordinal));
}
