using Cairn.Drives;
using Cairn.Drives.Index;
using Cairn.Drives.Index.Packs;
using Cairn.Drives.Os;
using Cairn.Testing.Drives;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Cairn.UnitTests.Drives;

// Large values lie in packs, and nobody who reads notices: not after a crash, not while packs are emptied and go.
public sealed class IndexPackTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_changes_with_reopenings_and_crashes_show_what_was_written(int seed)
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        Random random = new(seed);
        Dictionary<string, byte[]> expected = [];
        for (int step = 0; step < 400; step++)
        {
            IndexBatch batch = new();
            for (int i = random.Next(1, 20); i > 0; i--)
            {
                string key = IdLike(random.Next(300));
                if (random.Next(3) == 0)
                {
                    batch.Delete(IndexFamily.Shards, IndexFixture.Key(key));
                    expected.Remove(key);
                }
                else
                {
                    byte[] value = Value(random);
                    batch.Put(IndexFamily.Shards, IndexFixture.Key(key), value);
                    expected[key] = value;
                }
            }

            await fixture.Index.WriteAsync(batch);
            for (int i = 0; i < 10; i++)
            {
                // Read again and again while it changes: where it lies is remembered, and has to be forgotten in time.
                string key = IdLike(random.Next(300));
                Assert.Equal(
                    expected.GetValueOrDefault(key),
                    await fixture.Index.GetAsync(IndexFamily.Shards, IndexFixture.Key(key)));
            }

            if (random.Next(60) == 0)
            {
                await fixture.ReopenAsync();
            }
            else if (random.Next(40) == 0)
            {
                await fixture.CrashAsync(_ => { });
                Assert.False(fixture.WasLossy);
            }
        }

        Assert.Equal(
            expected.Keys.Order(StringComparer.Ordinal), Keys(fixture, expected));
        foreach ((string key, byte[] value) in expected)
        {
            Assert.Equal(value, await fixture.Index.GetAsync(IndexFamily.Shards, IndexFixture.Key(key)));
        }
    }

    [Fact]
    public async Task Readers_beside_a_writer_see_nothing_that_was_replaced_before_they_asked()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        int[] answered = new int[8];
        using CancellationTokenSource end = new();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(reader => Task.Run(async () =>
        {
            for (int i = reader; !end.IsCancellationRequested; i++)
            {
                int least = Volatile.Read(ref answered[i % answered.Length]);
                byte[]? value = await fixture.Index.GetAsync(
                    IndexFamily.Shards, IndexFixture.Key(IdLike(i % answered.Length)));
                Assert.True(least == 0 || BitConverter.ToInt32(value) >= least);
            }
        }))];
        for (int round = 1; round <= 500; round++)
        {
            byte[] value = new byte[2000];
            BitConverter.TryWriteBytes(value, round);
            IndexBatch batch = new();
            batch.Put(IndexFamily.Shards, IndexFixture.Key(IdLike(round % answered.Length)), value);
            await fixture.Index.WriteAsync(batch);
            Volatile.Write(ref answered[round % answered.Length], round);
        }

        await end.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task Value_that_the_page_cache_has_lost_is_read_from_the_device()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        byte[] value = DriveFixture.Bytes(2000);
        await ChangeAsync(fixture, 0, 100, value);
        await fixture.ReopenAsync();
        string[] packs = Directory.GetFiles(fixture.Folder, "pack-*");
        Assert.SkipWhen(packs.All(Forget), "The page cache keeps everything here: files are in memory.");
        for (int i = 0; i < 100; i += 10)
        {
            Assert.DoesNotContain(packs, Forget);
            Assert.Equal(value, await fixture.Index.GetAsync(IndexFamily.Shards, IndexFixture.Key("k" + i)));
        }
    }

    [Fact]
    public async Task Room_of_removed_values_comes_back_and_the_others_stay()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        byte[] value = DriveFixture.Bytes(2000);
        await ChangeAsync(fixture, 0, 1000, value);
        long full = PackBytes(fixture);
        await ChangeAsync(fixture, 0, 1000, null, keptEach: 10);

        // A piece of the collecting is done whenever a buffer is drained.
        for (int i = 0; i < 100; i++)
        {
            IndexBatch batch = new();
            batch.Put(IndexFamily.Heads, IndexFixture.Key("h" + i), DriveFixture.Bytes(70_000));
            await fixture.Index.WriteAsync(batch);
        }

        await fixture.ReopenAsync();
        long rest = PackBytes(fixture);
        Assert.True(rest < full / 2, $"{rest} of {full} bytes");
        for (int i = 0; i < 1000; i += 10)
        {
            Assert.Equal(value, await fixture.Index.GetAsync(IndexFamily.Shards, IndexFixture.Key("k" + i)));
        }
    }

    [Fact]
    public async Task Open_cursor_shows_values_whose_packs_are_emptied_meanwhile()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        byte[] value = DriveFixture.Bytes(2000);
        await ChangeAsync(fixture, 0, 300, value);
        using (IIndexCursor cursor = fixture.Index.OpenCursor(IndexFamily.Shards, default, "z"u8))
        {
            await ChangeAsync(fixture, 0, 300, null);
            await ChangeAsync(fixture, 300, 1500, value);
            int count = 0;
            while (cursor.MoveNext())
            {
                Assert.True(cursor.Value.SequenceEqual(value));
                count++;
            }

            Assert.Equal(300, count);
        }
    }

    [Fact]
    public async Task Pack_that_is_gone_is_a_fault_and_never_a_missing_value()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        await ChangeAsync(fixture, 0, 10, DriveFixture.Bytes(2000));
        await fixture.CloseAsync();
        foreach (string pack in Directory.GetFiles(fixture.Folder, "pack-*"))
        {
            File.Delete(pack);
        }

        await fixture.ReopenAsync();
        DriveIoException fault = await Assert.ThrowsAsync<DriveIoException>(
            async () => await fixture.Index.GetAsync(IndexFamily.Shards, IndexFixture.Key("k1")));
        Assert.Equal(DriveFault.Corrupt, fault.Fault);
    }

    [Fact]
    public async Task Value_that_looks_like_a_place_is_a_value()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        byte[] value = new PackPlace(1, 2, 3).Encode();
        IndexBatch batch = new();
        batch.Put(IndexFamily.Shards, IndexFixture.Key("a"), value);
        await fixture.Index.WriteAsync(batch);
        await fixture.ReopenAsync();
        Assert.Equal(value, await fixture.Index.GetAsync(IndexFamily.Shards, IndexFixture.Key("a")));
    }

    /// <returns>Whether it can be read without the device all the same.</returns>
    private static bool Forget(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        PageCache.Forget(file);
        return LinuxCalls.ReadCached(file, 0, new byte[1]) == 1;
    }

    // As long as an id of data, which is what places are remembered for.
    private static string IdLike(int number) => $"k{number:D15}";

    private static byte[] Value(Random random)
    {
        byte[] value = new byte[random.Next(2) == 0 ? random.Next(1, 100) : random.Next(1000, 5000)];
        random.NextBytes(value);
        return value;
    }

    private static List<string> Keys(RocksDbIndexFixture fixture, Dictionary<string, byte[]> expected)
    {
        List<string> keys = [];
        using IIndexCursor cursor = fixture.Index.OpenCursor(IndexFamily.Shards, default, "z"u8);
        while (cursor.MoveNext())
        {
            string key = System.Text.Encoding.UTF8.GetString(cursor.Key);
            Assert.True(cursor.Value.SequenceEqual(expected[key]));
            keys.Add(key);
        }

        return keys;
    }

    private static async Task ChangeAsync(
        RocksDbIndexFixture fixture, int from, int to, byte[]? value, int keptEach = int.MaxValue)
    {
        for (int start = from; start < to; start += 20)
        {
            IndexBatch batch = new();
            for (int i = start; i < Math.Min(start + 20, to); i++)
            {
                if (value is not null)
                {
                    batch.Put(IndexFamily.Shards, IndexFixture.Key("k" + i), value);
                }
                else if (i % keptEach != 0)
                {
                    batch.Delete(IndexFamily.Shards, IndexFixture.Key("k" + i));
                }
            }

            await fixture.Index.WriteAsync(batch);
        }
    }

    private static long PackBytes(RocksDbIndexFixture fixture) =>
        Directory.GetFiles(fixture.Folder, "pack-*").Sum(path => new FileInfo(path).Length);
}
