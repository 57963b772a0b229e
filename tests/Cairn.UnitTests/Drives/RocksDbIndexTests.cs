using Cairn.Drives;
using Cairn.Drives.Index;
using Cairn.Drives.Index.RocksDb;
using Cairn.Drives.Os;
using Cairn.Testing.Drives;
using Xunit;

namespace Cairn.UnitTests.Drives;

// Damages the files of a closed or crashed index and looks at what an opening makes of them: never silently less than was there.
public sealed class RocksDbIndexTests
{
    [Fact]
    public async Task Index_that_is_not_there_is_not_made_by_opening()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        await fixture.CloseAsync();
        Directory.Delete(fixture.Folder, recursive: true);
        await Assert.ThrowsAsync<DriveIoException>(async () => await fixture.OpenAsync(RocksDbMode.Open));
        Directory.CreateDirectory(fixture.Folder);
    }

    [Fact]
    public async Task Orderly_close_leaves_nothing_to_replay()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        await fixture.PutAsync(IndexFamily.Heads, "a");
        await fixture.ReopenAsync();
        Assert.Empty(Directory.GetFiles(fixture.Folder, "log-*"));
        Assert.Equal("value of a", await fixture.GetAsync(IndexFamily.Heads, "a"));
    }

    [Fact]
    public async Task Torn_end_of_the_log_is_no_loss()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        await fixture.PutAsync(IndexFamily.Heads, "a");
        await fixture.PutAsync(IndexFamily.Heads, "b");
        await fixture.CrashAsync(folder =>
        {
            using FileStream file = new(LogOf(folder), FileMode.Open);
            file.SetLength(file.Length - 3);
        });
        Assert.False(fixture.WasLossy);
        Assert.Equal("value of a", await fixture.GetAsync(IndexFamily.Heads, "a"));
        Assert.Null(await fixture.GetAsync(IndexFamily.Heads, "b"));
    }

    [Fact]
    public async Task Flipped_byte_inside_the_log_is_told_as_a_loss()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        for (int i = 0; i < 50; i++)
        {
            await fixture.PutAsync(IndexFamily.Heads, "k" + i);
        }

        await fixture.CrashAsync(folder =>
        {
            string log = LogOf(folder);
            byte[] bytes = File.ReadAllBytes(log);
            bytes[bytes.Length / 2] ^= 0x10;
            File.WriteAllBytes(log, bytes);
        });
        Assert.True(fixture.WasLossy);
        Assert.Equal("value of k0", await fixture.GetAsync(IndexFamily.Heads, "k0"));
        await fixture.PutAsync(IndexFamily.Heads, "after");
        await fixture.ReopenAsync();
        Assert.False(fixture.WasLossy);
    }

    [Fact]
    public async Task Flipped_byte_in_a_sorted_file_is_a_fault_and_never_a_wrong_value()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        for (int i = 0; i < 300; i++)
        {
            await fixture.PutAsync(IndexFamily.Heads, "k" + i);
        }

        // Closing moves the log into sorted files.
        await fixture.ReopenAsync();
        await fixture.CloseAsync();
        foreach (string path in Directory.GetFiles(fixture.Folder, "*.sst"))
        {
            byte[] bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            bytes[100] ^= 1;
            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        }

        await fixture.ReopenAsync();
        int faults = 0;
        for (int i = 0; i < 300; i++)
        {
            try
            {
                Assert.Equal("value of k" + i, await fixture.GetAsync(IndexFamily.Heads, "k" + i));
            }
            catch (DriveIoException e)
            {
                Assert.Equal(DriveFault.Corrupt, e.Fault);
                faults++;
            }
        }

        Assert.NotEqual(0, faults);
    }

    [Fact]
    public async Task Closed_index_refuses_calls_and_waits_for_cursors()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        await fixture.PutAsync(IndexFamily.Heads, "a");
        IIndexCursor cursor = fixture.Index.OpenCursor(IndexFamily.Heads, default, "z"u8);
        Task closing = fixture.CloseAsync();
        Assert.Equal("a", IndexFixture.Walk(cursor));
        Assert.False(closing.IsCompleted);
        await Assert.ThrowsAsync<DriveIoException>(() => fixture.GetAsync(IndexFamily.Heads, "a"));
        cursor.Dispose();
        await closing;
    }

    [Fact]
    public async Task Cache_keeps_blocks_of_searches_that_ask_for_it_and_none_of_walks()
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        await fixture.PutAsync(IndexFamily.Heads, "a");
        await fixture.ReopenAsync();
        await fixture.CloseAsync();
        RocksDbHandle handle = fixture.OpenHandle();
        Assert.False(Finds(handle, BlockUse.OnlyCached));
        using (RocksDbCursor cursor = new(handle, null, IndexFamily.Heads, default, "z"u8))
        {
            Assert.Equal("a", IndexFixture.Walk(cursor));
        }

        Assert.True(Finds(handle, BlockUse.NotKept));
        Assert.False(Finds(handle, BlockUse.OnlyCached));
        Assert.True(Finds(handle, BlockUse.Kept));
        Assert.True(Finds(handle, BlockUse.OnlyCached));
        handle.BeginClose();
    }

    private static bool Finds(RocksDbHandle handle, BlockUse use)
    {
        bool isFound = handle.TryGet(IndexFamily.Heads, "a"u8, use, out byte[]? value);
        Assert.Equal(isFound, value is not null);
        return isFound;
    }

    private static string LogOf(string folder) =>
        Directory.GetFiles(folder, "log-*").Max(StringComparer.Ordinal)!;
}
