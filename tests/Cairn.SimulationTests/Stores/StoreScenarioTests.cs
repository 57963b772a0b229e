using System.Buffers;
using Cairn.Drives.Index;
using Cairn.Objects;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Disks;
using Cairn.Testing.Simulation.Stores;
using Xunit;

namespace Cairn.SimulationTests.Stores;

/// <summary>Told step by step on 2+2 drives, each under many schedules: one fault at a named place, and what must hold.</summary>
public sealed class StoreScenarioTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly int[] Sizes = [0, 100, 2_000, 20_000, 300_000];

    [Fact]
    public void Put_below_the_write_quorum_fails_and_leaves_no_visible_version() => StoreScenario.Run(4, async s =>
    {
        s.Store.Disks[0].Remove();
        s.Store.Disks[1].Remove();
        ObjectError refused = await s.PutAsync("a", s.Contents.Create(2_000));
        Assert.Contains(
            refused, new[] { ObjectError.WriteQuorumLost, ObjectError.ReadQuorumLost, ObjectError.OutcomeUnknown });
        bool isSurelyNothing = refused != ObjectError.OutcomeUnknown;
        s.Store.Disks[0].Return();
        s.Store.Disks[1].Return();
        Assert.True(await s.Store.TryAwaitWholeAsync(Patience), s.Store.Condition());
        (ObjectError error, Content? content) = await s.GetAsync("a");
        Assert.True(error == ObjectError.NoSuchKey || (!isSurelyNothing && content is not null), error.ToString());
    });

    [Fact]
    public void Reads_go_on_with_as_many_drives_missing_as_parity_covers() => StoreScenario.Run(4, async s =>
    {
        Content[] contents = await PutAllAsync(s);
        Assert.True(await s.Store.TryAwaitWholeAsync(Patience), s.Store.Condition());
        s.Store.Disks[1].Remove();
        s.Store.Disks[2].Remove();
        await AssertAllAsync(s, contents);
    });

    [Fact]
    public void Writes_go_on_with_one_drive_missing_and_reach_it_when_it_returns() => StoreScenario.Run(4, async s =>
    {
        s.Store.Disks[3].Remove();
        Content[] contents = await PutAllAsync(s);
        s.Store.Disks[3].Return();
        Assert.True(await s.Store.TryAwaitWholeAsync(Patience), s.Store.Condition());
        s.Store.Disks[0].Remove();
        s.Store.Disks[1].Remove();
        await AssertAllAsync(s, contents);
    });

    [Fact]
    public void Acknowledged_put_survives_a_loss_of_power_right_after_the_answer() => StoreScenario.Run(4, async s =>
    {
        foreach (int size in Sizes)
        {
            Content content = s.Contents.Create(size);
            Assert.Equal(ObjectError.None, await s.PutAsync("a", content));
            await s.Store.RestartAsync(losesPower: true);
            Assert.Equal((ObjectError.None, content), await s.GetAsync("a"));
        }
    });

    [Fact]
    public void Of_racing_creations_exactly_one_wins() => StoreScenario.Run(4, async s =>
    {
        ObjectError[] outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(
            _ => s.PutAsync("a", s.Contents.Create(2_000), mustNotExist: true)));
        Assert.Single(outcomes, ObjectError.None);
        Assert.All(outcomes, o => Assert.Contains(
            o, new[] { ObjectError.None, ObjectError.PreconditionFailed, ObjectError.Conflict }));
    });

    [Fact]
    public void Hanging_drive_holds_up_neither_puts_nor_gets() => StoreScenario.Run(4, async s =>
    {
        s.Store.Disks[2].Faults.Hang();
        int slow = 0;
        foreach (int size in Sizes)
        {
            Content content = s.Contents.Create(size);
            TimeSpan started = s.World.Now;
            Assert.Equal(ObjectError.None, await s.PutAsync("a", content));
            TimeSpan put = s.World.Now - started;
            Assert.Equal((ObjectError.None, content), await s.GetAsync("a"));
            TimeSpan get = s.World.Now - started - put;
            Assert.True(get < TimeSpan.FromSeconds(1.5), $"{size} bytes: get {get}");
            slow += put < TimeSpan.FromSeconds(1.5) ? 0 : 1;
        }

        // The first put that writes a shard file gives the drive its patience; after that nobody waits for it.
        Assert.InRange(slow, 0, 1);

        s.Store.Disks[2].Faults.Release();
    });

    [Fact]
    public void Replaced_drives_are_rebuilt_and_carry_the_data_alone() => StoreScenario.Run(4, async s =>
    {
        Content[] contents = await PutAllAsync(s);
        Assert.True(await s.Store.TryAwaitWholeAsync(Patience), s.Store.Condition());
        s.Store.Kill(losesPower: false);
        s.Store.Replace(0);
        s.Store.Replace(1);
        await s.Store.StartAsync();
        Assert.True(await s.Store.TryAwaitWholeAsync(Patience), s.Store.Condition());
        s.Store.Disks[2].Remove();
        s.Store.Disks[3].Remove();
        await AssertAllAsync(s, contents);
    });

    [Fact]
    public void Swapped_drives_are_refused_and_taken_in_again_in_their_places() => StoreScenario.Run(4, async s =>
    {
        Content[] contents = await PutAllAsync(s);
        Assert.True(await s.Store.TryAwaitWholeAsync(Patience), s.Store.Condition());
        s.Store.Kill(losesPower: false);
        s.Store.Swap(0, 1);
        await s.Store.StartAsync();
        await AssertAllAsync(s, contents);
        Assert.False(s.Store.IsWhole);
        s.Store.Kill(losesPower: false);
        s.Store.Swap(0, 1);
        await s.Store.StartAsync();
        Assert.True(await s.Store.TryAwaitWholeAsync(Patience), s.Store.Condition());
        await AssertAllAsync(s, contents);
    });

    [Fact]
    public void Flipped_bit_in_a_shard_file_is_read_around_and_repaired() => StoreScenario.Run(4, async s =>
    {
        Content content = s.Contents.Create(300_000);
        Assert.Equal(ObjectError.None, await s.PutAsync("a", content));
        Assert.True(await s.Store.TryAwaitWholeAsync(Patience), s.Store.Condition());
        await s.World.DelayAsync(TimeSpan.FromSeconds(10));
        // A plain read meets the damage on the drives of the data shards; elsewhere it is taken back.
        int repaired = 0;
        foreach (SimDisk disk in s.Store.Disks)
        {
            (string path, SimInode inode) = disk.Names.Files().First(f => f.Path.StartsWith("shards/", StringComparison.Ordinal));
            inode.Flip(100_000, 1);
            Assert.Equal((ObjectError.None, content), await s.GetAsync("a"));
            await s.World.DelayAsync(TimeSpan.FromMinutes(1));
            bool isReplaced = !ReferenceEquals(disk.Names.Find(path), inode);
            repaired += isReplaced ? 1 : 0;
            if (!isReplaced)
            {
                inode.Flip(100_000, 1);
            }
        }

        Assert.Equal(2, repaired);
        Assert.True(await s.Store.TryAwaitWholeAsync(Patience), s.Store.Condition());
        s.Store.Disks[1].Remove();
        s.Store.Disks[2].Remove();
        Assert.Equal((ObjectError.None, content), await s.GetAsync("a"));
    });

    [Fact]
    public void Full_drives_refuse_writes_and_still_delete() => StoreScenario.Run(4, async s =>
    {
        Content content = s.Contents.Create(20_000);
        Assert.Equal(ObjectError.None, await s.PutAsync("a", content));
        await s.World.DelayAsync(TimeSpan.FromSeconds(10));
        foreach (SimDisk disk in s.Store.Disks)
        {
            disk.CapacityBytes = disk.UsedBytes + (70 << 10);
        }

        await s.World.DelayAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(ObjectError.StorageFull, await s.PutAsync("b", s.Contents.Create(300_000)));
        Assert.Equal((ObjectError.None, content), await s.GetAsync("a"));
        Assert.Equal(ObjectError.None, await s.DeleteAsync("a"));
        Assert.Equal(ObjectError.NoSuchKey, (await s.GetAsync("a")).Error);
    });

    [Fact]
    public void Get_of_a_key_that_is_being_overwritten_never_breaks_off() => StoreScenario.Run(4, async s =>
    {
        Assert.Equal(ObjectError.None, await s.PutAsync("a", s.Contents.Create(2_000)));
        Task writing = OverwriteAsync(s);
        while (!writing.IsCompleted)
        {
            Assert.Equal(ObjectError.None, (await s.GetAsync("a")).Error);
        }

        await writing;
    });

    /// <summary>
    /// A listing sees the index itself, a read what is in memory of it. Between the moment when a batch is in the index
    /// and the end of its write, a read that began before must not have brought the old row back into memory.
    /// </summary>
    [Fact]
    public void Read_after_a_listing_sees_what_the_listing_has_shown() => StoreScenario.Run(1, async s =>
    {
        int started = 0;
        Task writing = PutManyAsync();
        while (!writing.IsCompleted)
        {
            Task<int> before = ReadAsync();
            await s.World.DelayAsync(TimeSpan.FromMicroseconds(100));
            int listed = await s.ListedAsync("a") is { } content ? content.Id : 0;
            int read = await ReadAsync();
            Assert.True(read >= listed, $"Listed was content {listed}, read then {read}.");
            _ = await before;
        }

        await writing;

        async Task PutManyAsync()
        {
            while (started++ < 20)
            {
                Assert.Equal(ObjectError.None, await s.PutAsync("a", s.Contents.Create(100)));
            }
        }

        async Task<int> ReadAsync() => (await s.GetAsync("a")).Content?.Id ?? 0;
    }, seeds: 5);

    /// <summary>Later parts are opened long after the version was found, when its drives have dropped it already.</summary>
    [Fact]
    public void Get_of_a_multipart_object_that_is_being_overwritten_never_breaks_off() => StoreScenario.Run(4, async s =>
    {
        Content[] parts = [.. new[] { 20_000, 500, 10_000, 20_000 }.Select(s.Contents.Create)];
        Assert.Equal(ObjectError.None, (await s.PutPartsAsync("a", parts)).Error);
        for (int i = 0; i < 5; i++)
        {
            Task<(ObjectError Error, Content? Content)>[] reads = [.. Enumerable.Range(0, 4).Select(_ => s.GetAsync("a"))];
            Assert.Equal(ObjectError.None, await s.PutAsync("a", s.Contents.Create(2_000)));
            foreach (Task<(ObjectError Error, Content? Content)> read in reads)
            {
                Assert.Equal(ObjectError.None, (await read).Error);
            }

            Assert.Equal(ObjectError.None, (await s.PutPartsAsync("a", parts)).Error);
        }
    });

    /// <summary>
    /// Both drives are the write quorum. A value that only one of them has for certain must be made certain by both, and
    /// the other one's row is only rebuilt from certain values.
    /// </summary>
    [Fact]
    public void Key_stays_readable_when_one_of_two_drives_has_lost_its_row() => StoreScenario.Run(2, async s =>
    {
        SimRandom random = SimRandom.Named(s.World.Seed, "rot");
        Assert.Equal(ObjectError.None, await s.PutAsync("a", s.Contents.Create(100)));
        await s.World.DelayAsync(TimeSpan.FromSeconds(10));
        Assert.True(s.Store.Disks[0].RotIndex(random, IndexFamily.Heads));
        _ = await s.PutAsync("a", s.Contents.Create(100));
        _ = await s.GetAsync("a");
        await s.World.DelayAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(ObjectError.None, (await s.GetAsync("a")).Error);
        await s.World.DelayAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(ObjectError.None, await s.PutAsync("a", s.Contents.Create(100)));
    });

    /// <summary>The answer of a drive that hangs comes when the read is over and its buffers serve others.</summary>
    [Fact]
    public void Late_answer_of_a_hanging_drive_is_written_into_nobodys_memory() => StoreScenario.Run(4, async s =>
    {
        Content content = s.Contents.Create(1_500_000);
        Assert.Equal(ObjectError.None, await s.PutAsync("a", content));
        await s.World.DelayAsync(TimeSpan.FromSeconds(10));
        SimRandom random = SimRandom.Named(s.World.Seed, "hang");
        for (int i = 0; i < 20; i++)
        {
            // In the middle of a read: a drive that hangs before has no buffer yet.
            SimDisk disk = random.Pick(s.Store.Disks);
            Task<(ObjectError Error, Content? Content)> reading = s.GetAsync("a");
            await s.World.DelayAsync(TimeSpan.FromMicroseconds(random.Next(2_000)));
            disk.Faults.Hang();
            Assert.Equal((ObjectError.None, content), await reading);
            byte[][] rented = RentAll();
            disk.Faults.Release();
            await s.World.DelayAsync(TimeSpan.FromSeconds(5));
            foreach (byte[] buffer in rented)
            {
                Assert.False(buffer.AsSpan().ContainsAnyExcept((byte)0xA5), "A late answer was written into rented memory.");
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }, seeds: 5);

    // Whatever was given back is among them: of each size more than the pool keeps for one thread and its neighbours.
    private static byte[][] RentAll()
    {
        List<byte[]> rented = [];
        for (int size = 1 << 12; size <= 1 << 20; size <<= 1)
        {
            for (int count = 0; count < 16; count++)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
                buffer.AsSpan().Fill(0xA5);
                rented.Add(buffer);
            }
        }

        return [.. rented];
    }

    private static async Task OverwriteAsync(StoreScenario s)
    {
        for (int i = 0; i < 25; i++)
        {
            Assert.Equal(ObjectError.None, await s.PutAsync("a", s.Contents.Create(i % 2 == 0 ? 2_000 : 500)));
        }
    }

    private static async Task<Content[]> PutAllAsync(StoreScenario s)
    {
        var contents = new Content[Sizes.Length];
        for (int i = 0; i < Sizes.Length; i++)
        {
            contents[i] = s.Contents.Create(Sizes[i]);
            Assert.Equal(ObjectError.None, await s.PutAsync("key" + i, contents[i]));
        }

        // Commits follow the answers; until they have, a value is only certain where a write quorum can confirm it.
        await s.World.DelayAsync(TimeSpan.FromSeconds(5));
        return contents;
    }

    private static async Task AssertAllAsync(StoreScenario s, Content[] contents)
    {
        for (int i = 0; i < contents.Length; i++)
        {
            Assert.Equal((ObjectError.None, contents[i]), await s.GetAsync("key" + i));
        }
    }
}
