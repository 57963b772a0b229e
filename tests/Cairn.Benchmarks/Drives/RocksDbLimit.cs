using System.Buffers.Binary;
using System.Diagnostics;
using Cairn.Drives.Index;
using Cairn.Drives.Index.RocksDb;
using Cairn.Drives.Os;

namespace Cairn.Benchmarks.Drives;

/// <summary>The same bytes through RocksDB without a drive around it: four instances, one writer each.</summary>
internal static class RocksDbLimit
{
    private const int Drives = 4;
    private const int Group = 16;

    public static async Task<Rate> MeasureAsync(string folder)
    {
        string root = Directory.CreateTempSubdirectory("cairn-bench-").FullName;
        Directory.Delete(root);
        root = Path.Combine(folder, Path.GetFileName(root));
        Directory.CreateDirectory(root);
        using DriveThreads threads = new("bench", 2, 1000);
        using RocksDbEnvironment environment = new();
        try
        {
            return await Rate.MeasureAsync(async () => (await Task.WhenAll(
                Enumerable.Range(0, Drives).Select(i => WriteAsync(Path.Combine(root, "db" + i), environment, threads)))).Sum());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<long> WriteAsync(string path, RocksDbEnvironment environment, DriveThreads threads)
    {
        await using RocksDbIndex index = await RocksDbIndex.OpenAsync(
            new RocksDbSettings { Environment = environment, Path = path, Mode = RocksDbMode.Create }, threads);
        byte[] value = new byte[2048];
        IndexBatch batch = new();
        long count = 0;
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(3))
        {
            batch.Clear();
            for (int i = 0; i < Group; i++)
            {
                byte[] key = new byte[16];
                BinaryPrimitives.WriteInt64BigEndian(key, count++);
                batch.Put(IndexFamily.Shards, key, value);
                batch.Put(IndexFamily.Heads, key, value.AsMemory(0, 200));
            }

            await index.WriteAsync(batch);
        }

        return count;
    }
}
