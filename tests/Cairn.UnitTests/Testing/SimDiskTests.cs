using System.Text;
using Cairn.Drives;
using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Disks;
using Xunit;

namespace Cairn.UnitTests.Testing;

/// <summary>Each test writes, lets the power fail, and counts over many seeds which outcomes were seen.</summary>
public sealed class SimDiskTests
{
    private const int Seeds = 100;
    private static readonly byte[] Content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789abcdef", 256)));

    [Fact]
    public void Synced_bytes_under_a_synced_name_survive_every_power_loss() => ForEachSeed(async (world, disk) =>
    {
        await WriteAsync(disk, sync: true, syncDirectory: true);
        disk.LosePower();
        Assert.Equal(Content, await ReadAllAsync(disk));
    });

    [Fact]
    public void Unsynced_bytes_are_lost_torn_or_kept()
    {
        int lost = 0, torn = 0, kept = 0;
        ForEachSeed(async (world, disk) =>
        {
            await WriteAsync(disk, sync: false, syncDirectory: true);
            disk.LosePower();
            byte[] found = (await ReadAllAsync(disk))!;
            if (found.Length == 0)
            {
                lost++;
            }
            else if (found.SequenceEqual(Content))
            {
                kept++;
            }
            else
            {
                torn++;
            }
        });
        Assert.True(lost > 5 && torn > 5 && kept > 5, $"lost {lost}, torn {torn}, kept {kept}");
    }

    [Fact]
    public void A_name_whose_directory_was_not_synced_may_vanish_although_its_bytes_were_synced()
    {
        int lost = 0;
        ForEachSeed(async (world, disk) =>
        {
            await WriteAsync(disk, sync: true, syncDirectory: false);
            disk.LosePower();
            lost += await ReadAllAsync(disk) is null ? 1 : 0;
        });
        Assert.InRange(lost, 5, Seeds - 5);
    }

    [Fact]
    public void A_rename_is_atomic_at_a_power_loss()
    {
        int renamed = 0;
        ForEachSeed(async (world, disk) =>
        {
            await WriteAsync(disk, sync: true, syncDirectory: true);
            var files = new SimFiles(disk.Mount());
            await files.RenameAsync("shards/a", "shards/b", CancellationToken.None);
            disk.LosePower();
            IReadOnlyList<string> names = await new SimFiles(disk.Mount()).ListAsync("shards", CancellationToken.None);
            renamed += Assert.Single(names) == "b" ? 1 : 0;
        });
        Assert.InRange(renamed, 5, Seeds - 5);
    }

    [Fact]
    public void A_removal_that_was_not_synced_may_come_undone()
    {
        int back = 0;
        ForEachSeed(async (world, disk) =>
        {
            await WriteAsync(disk, sync: true, syncDirectory: true);
            await new SimFiles(disk.Mount()).DeleteAsync("shards/a", CancellationToken.None);
            disk.LosePower();
            back += await ReadAllAsync(disk) is null ? 0 : 1;
        });
        Assert.InRange(back, 5, Seeds - 5);
    }

    [Fact]
    public void After_a_failed_sync_a_second_one_saves_nothing() => ForEachSeed(async (world, disk) =>
    {
        IDriveFile file = await WriteAsync(disk, sync: false, syncDirectory: true);
        disk.Faults.SyncErrorChance = 1;
        await Assert.ThrowsAsync<DriveIoException>(async () => await file.SyncAsync(CancellationToken.None));
        disk.Faults.Clear();
        await file.SyncAsync(CancellationToken.None);
        disk.LosePower();
        Assert.DoesNotContain((byte)'0', (await ReadAllAsync(disk))!);
    });

    [Fact]
    public void A_killed_process_alone_loses_nothing_that_the_kernel_had() => ForEachSeed(async (world, disk) =>
    {
        var process = new SimProcess(world, "node");
        await process.RunAsync(() => WriteAsync(disk, sync: false, syncDirectory: false));
        process.Kill();
        Assert.Equal(Content, await ReadAllAsync(disk));
    });

    [Fact]
    public void An_index_batch_survives_whole_or_not_at_all_and_always_once_acknowledged()
    {
        int lost = 0, kept = 0;
        ForEachSeed(async (world, disk) =>
        {
            var process = new SimProcess(world, "node");
            bool isAcknowledged = false;
            Task call = process.RunAsync(async () =>
            {
                SimIndex index = await SimIndex.OpenAsync(disk.Mount(), process);
                await index.WriteAsync(Batch("a", "b", "c"));
                isAcknowledged = true;
            });
            await world.DelayAsync(world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(5)));
            disk.LosePower();
            process.Kill();
            await Assert.ThrowsAnyAsync<Exception>(() => isAcknowledged ? throw new ProcessKilledException("") : call);
            int found = disk.Tables.Table(IndexFamily.Heads).Count;
            Assert.True(found is 0 or 3);
            Assert.True(!isAcknowledged || found == 3);
            lost += found == 0 ? 1 : 0;
            kept += found == 3 && !isAcknowledged ? 1 : 0;
        });
        Assert.True(lost > 5 && kept > 1, $"lost {lost}, kept without an answer {kept}");
    }

    [Fact]
    public void A_failed_index_write_poisons_the_index_and_its_batch_is_in_doubt()
    {
        int kept = 0;
        ForEachSeed(async (world, disk) =>
        {
            SimIndex index = await SimIndex.OpenAsync(disk.Mount(), world.Root);
            disk.Faults.WriteErrorChance = 1;
            await Assert.ThrowsAsync<DriveIoException>(async () => await index.WriteAsync(Batch("a")));
            disk.Faults.Clear();
            DriveIoException refused = await Assert.ThrowsAsync<DriveIoException>(
                async () => await index.WriteAsync(Batch("b")));
            Assert.Equal(DriveFault.Poisoned, refused.Fault);
            await index.DisposeAsync();
            await SimIndex.OpenAsync(disk.Mount(), world.Root);
            kept += disk.Tables.Table(IndexFamily.Heads).Count;
        });
        Assert.InRange(kept, 5, Seeds - 5);
    }

    [Fact]
    public void A_cursor_keeps_its_view_while_the_index_changes() => ForEachSeed(async (world, disk) =>
    {
        SimIndex index = await SimIndex.OpenAsync(disk.Mount(), world.Root);
        await index.WriteAsync(Batch("a", "c", "e"));
        using IIndexCursor cursor = index.OpenCursor(IndexFamily.Heads, "a"u8, "e"u8);
        await index.WriteAsync(Batch("b", "d"));
        Assert.True(cursor.MoveNext());
        Assert.Equal("a"u8, cursor.Key);
        Assert.True(cursor.Seek("b"u8));
        Assert.Equal("c"u8, cursor.Key);
        Assert.False(cursor.MoveNext());
    });

    [Fact]
    public void A_rotten_value_is_another_one_or_fails_until_it_is_written_again() => ForEachSeed(async (world, disk) =>
    {
        SimIndex index = await SimIndex.OpenAsync(disk.Mount(), world.Root);
        await index.WriteAsync(Batch("a"));
        byte[] written = (await index.GetAsync(IndexFamily.Heads, "a"u8.ToArray()))!;
        Assert.True(disk.RotIndex(world.Random, IndexFamily.Heads));
        try
        {
            Assert.NotEqual(written, await index.GetAsync(IndexFamily.Heads, "a"u8.ToArray()));
        }
        catch (DriveIoException rotten)
        {
            Assert.Equal(DriveFault.Corrupt, rotten.Fault);
            Assert.True(rotten.IsOfIndex);
        }

        await index.WriteAsync(Batch("a"));
        Assert.Equal(written, await index.GetAsync(IndexFamily.Heads, "a"u8.ToArray()));
    });

    [Fact]
    public void A_removed_disk_fails_its_handles_for_ever_and_serves_new_ones_when_it_is_back() =>
        ForEachSeed(async (world, disk) =>
        {
            await WriteAsync(disk, sync: true, syncDirectory: true);
            var before = new SimFiles(disk.Mount());
            disk.Remove();
            Assert.Equal(DriveFault.Offline, await FaultOfAsync(before));
            Assert.Equal(DriveFault.Offline, await FaultOfAsync(new SimFiles(disk.Mount())));
            disk.Return();
            Assert.Equal(DriveFault.Offline, await FaultOfAsync(before));
            Assert.Equal(Content, await ReadAllAsync(disk));
        });

    [Fact]
    public void A_hanging_disk_answers_when_it_is_released() => ForEachSeed(async (world, disk) =>
    {
        disk.Faults.Hang();
        Task<IReadOnlyList<string>> list = new SimFiles(disk.Mount()).ListAsync("", CancellationToken.None).AsTask();
        await world.DelayAsync(TimeSpan.FromHours(1));
        Assert.False(list.IsCompleted);
        disk.Faults.Release();
        Assert.Empty(await list);
    });

    [Fact]
    public void A_full_disk_refuses_what_does_not_fit() => ForEachSeed(async (world, disk) =>
    {
        disk.CapacityBytes = Content.Length - 1;
        DriveIoException full = await Assert.ThrowsAsync<DriveIoException>(
            async () => await WriteAsync(disk, sync: true, syncDirectory: true));
        Assert.Equal(DriveFault.Full, full.Fault);
    });

    [Fact]
    public void A_flipped_bit_is_there_for_every_reader_and_after_a_power_loss() => ForEachSeed(async (world, disk) =>
    {
        await WriteAsync(disk, sync: true, syncDirectory: true);
        Assert.Equal("shards/a", disk.RotFile(world.Random));
        disk.LosePower();
        byte[] found = (await ReadAllAsync(disk))!;
        Assert.Single(Enumerable.Range(0, Content.Length), i => found[i] != Content[i]);
    });

    [Fact]
    public void A_buffer_that_changes_during_a_write_is_reported()
    {
        SimulationFailure failure = Assert.Throws<SimulationFailure>(() => ForEachSeed(async (world, disk) =>
        {
            var files = new SimFiles(disk.Mount());
            IDriveFile file = await files.CreateAsync("a", CancellationToken.None);
            byte[] buffer = [1, 2, 3];
            ValueTask write = file.WriteAsync(0, buffer, CancellationToken.None);
            buffer[1] = 9;
            await write;
        }));
        Assert.Contains("buffer changed", failure.Reason, StringComparison.Ordinal);
    }

    private static void ForEachSeed(Func<World, SimDisk, Task> scenario)
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            var world = new World(seed);
            world.Run(() => scenario(world, new SimDisk(world, "disk 1")));
        }
    }

    private static async Task<IDriveFile> WriteAsync(SimDisk disk, bool sync, bool syncDirectory)
    {
        var files = new SimFiles(disk.Mount());
        await files.EnsureDirectoryAsync("shards", CancellationToken.None);
        IDriveFile file = await files.CreateAsync("shards/a", CancellationToken.None);
        await file.WriteAsync(0, Content, CancellationToken.None);
        if (sync)
        {
            await file.SyncAsync(CancellationToken.None);
        }

        if (syncDirectory)
        {
            await files.SyncDirectoryAsync("shards", CancellationToken.None);
        }

        return file;
    }

    private static async Task<byte[]?> ReadAllAsync(SimDisk disk)
    {
        var files = new SimFiles(disk.Mount());
        if (!await files.ExistsAsync("shards/a", CancellationToken.None))
        {
            return null;
        }

        await using IDriveFile file = await files.OpenAsync("shards/a", CancellationToken.None);
        byte[] content = new byte[file.Length];
        Assert.Equal(content.Length, await file.ReadAsync(0, content, CancellationToken.None));
        return content;
    }

    private static async Task<DriveFault> FaultOfAsync(SimFiles files) =>
        (await Assert.ThrowsAsync<DriveIoException>(
            async () => await files.ExistsAsync("shards/a", CancellationToken.None))).Fault;

    private static IndexBatch Batch(params string[] keys)
    {
        var batch = new IndexBatch();
        foreach (string key in keys)
        {
            batch.Put(IndexFamily.Heads, Encoding.ASCII.GetBytes(key), "value"u8.ToArray());
        }

        return batch;
    }
}
