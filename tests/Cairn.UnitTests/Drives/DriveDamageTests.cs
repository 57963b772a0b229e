using Cairn.Drives;
using Cairn.Drives.Index;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Cairn.Testing.Simulation;
using Xunit;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.UnitTests.Drives;

// Bytes rot, in rows of the index (simulated disk) and in shard files (real ones, every position). What must hold:
// never wrong bytes, never a vote about what was lost, and a way back to a whole register.
public sealed class DriveDamageTests
{
    [Fact]
    public void Register_whose_head_rotted_has_no_vote_until_it_is_repaired() => Run(async (world, drive) =>
    {
        RegisterEntry old = await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "old"));
        RegisterEntry entry = await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "v"));
        Ballot promised = drive.NextBallot();
        await drive.PrepareAsync(Key("k"), promised);
        Assert.True(drive.Disk.RotIndex(world.Random, IndexFamily.Heads));
        await Expect.Fault(DriveFault.Corrupt, drive.Drive.ReadAsync(Key("k"), null, false, default));
        ListReply list = await ListAsync(drive);
        Assert.False(list.IsVoting);

        // No promise is broken, although the row that held it is gone.
        Assert.False((await drive.AcceptAsync(Key("k"), VersionEntry(entry.Ballot, "late"))).IsAccepted);
        Assert.False((await drive.PrepareAsync(Key("k"), promised)).IsPromised);
        PrepareReply prepared = await drive.PrepareAsync(Key("k"), drive.NextBallot(), old.Slot);
        Assert.True(prepared.IsPromised);
        Assert.False(prepared.View!.IsVoting);
        Assert.Equal("old", Show(prepared.View));

        MissedWrite line = Assert.Single(
            await Expect.Ok(drive.Drive.ListMissedAsync(drive.Id, null, 10, default)));
        Assert.Equal(Key("k"), line.Key);
        await drive.ReopenAsync();
        await drive.PutAsync(Key("k"), entry with { Ballot = drive.NextBallot() });
        Assert.False((await drive.ReadAsync(Key("k"))).IsVoting);
        line = Assert.Single(await Expect.Ok(drive.Drive.ListMissedAsync(drive.Id, null, 10, default)));
        Assert.Equal(DriveFault.None, await drive.Drive.ClearMissedAsync([line], default));
        RegisterView view = await drive.ReadAsync(Key("k"));
        Assert.True(view.IsVoting);
        Assert.Equal("v", Show(view));
        Assert.Equal("v old", Show(await drive.ReadAsync(Key("k"), old.Slot)));
        Assert.Empty(await Expect.Ok(drive.Drive.ListMissedAsync(drive.Id, null, 10, default)));
    });

    [Fact]
    public void Rotten_version_is_replaced_by_the_same_version() => Run(async (world, drive) =>
    {
        RegisterEntry old = await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "old"));
        await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "new"));
        Assert.True(drive.Disk.RotIndex(world.Random, IndexFamily.Versions));
        await Expect.Fault(DriveFault.Corrupt, drive.Drive.ReadAsync(Key("k"), old.Slot, false, default));
        Assert.Equal("new", Show(await drive.ReadAsync(Key("k"))));
        await drive.PutAsync(Key("k"), old with { Ballot = drive.NextBallot() });
        Assert.Equal("new old", Show(await drive.ReadAsync(Key("k"), old.Slot)));
        Assert.False((await drive.ReadAsync(Key("k"))).IsVoting);
        MissedWrite line = Assert.Single(await Expect.Ok(drive.Drive.ListMissedAsync(drive.Id, null, 10, default)));
        Assert.Equal(DriveFault.None, await drive.Drive.ClearMissedAsync([line], default));
        Assert.True((await drive.ReadAsync(Key("k"))).IsVoting);
    });

    // A removal that has rotted here may be forgotten by all other drives: what this one shows then must not pass for never
    // having held anything.
    [Theory]
    [InlineData(IndexFamily.Heads)]
    [InlineData(IndexFamily.Versions)]
    public void Drive_whose_rows_rotted_tells_that_it_may_have_forgotten_removals(IndexFamily family) => Run(async (world, drive) =>
    {
        RegisterEntry old = await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "old"));
        RegisterEntry tombstone = await drive.PutAsync(Key("k"), Tombstone(old, drive.NextBallot()));
        if (family == IndexFamily.Versions)
        {
            await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "new"));
        }

        Assert.True(drive.Disk.RotIndex(world.Random, family));
        Assert.Equal(Ballot.Zero, (await drive.ReadAsync(Key("unknown"))).Floor);
        Assert.Equal(DriveFault.None, await drive.Drive.ForgetAsync(Key("k"), old.Slot, tombstone.Ballot, default));
        await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "put"));
        Assert.True((await drive.ReadAsync(Key("unknown"))).Floor >= tombstone.Ballot);
        await drive.ReopenAsync();
        Assert.True((await drive.ReadAsync(Key("unknown"))).Floor >= tombstone.Ballot);
    });

    [Fact]
    public void Rotten_inline_shard_spoils_no_register_and_can_be_restored() => Run(async (world, drive) =>
    {
        DataId data = drive.NextData();
        RegisterEntry entry = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data), Bytes(500));
        Assert.True(drive.Disk.RotIndex(world.Random, IndexFamily.Shards));
        RegisterView view = await drive.ReadAsync(Key("k"), withInline: true);
        Assert.True(view is { IsVoting: true, HasInline: false });
        Assert.Equal("v", Show(view));
        await Expect.Fault(DriveFault.Corrupt, drive.Drive.OpenShardAsync(data, default));
        Assert.Equal(DriveFault.None, await drive.Drive.RestoreInlineAsync(Key("k"), data, Bytes(500), default));
        Expect.Bytes(Bytes(500), await drive.ReadShardAsync(data));
        await drive.PutAsync(Key("k"), Tombstone(entry, drive.NextBallot()));
        await drive.ExpectNoShardAsync(data);
    });

    [Fact]
    public async Task Flipped_byte_anywhere_in_a_shard_file_is_detected()
    {
        await using OsDriveFixture drive = await OsDriveFixture.StartAsync();
        byte[] content = Bytes(300);
        DataId data = await drive.SealShardAsync(content);
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        string path = Assert.Single(Directory.GetFiles(Path.Combine(drive.Root, "shards"), "*", SearchOption.AllDirectories));
        byte[] intact = await File.ReadAllBytesAsync(path, Token);
        for (int i = 0; i < intact.Length; i++)
        {
            byte[] damaged = [.. intact];
            damaged[i] ^= 0x40;
            await File.WriteAllBytesAsync(path, damaged, Token);
            Assert.Equal(DriveFault.Corrupt, await TryReadAsync(drive, data, content));
        }

        await File.WriteAllBytesAsync(path, intact, Token);
        Assert.Equal(DriveFault.None, await TryReadAsync(drive, data, content));
    }

    [Fact]
    public async Task Flipped_byte_in_a_long_shard_spoils_its_chunk_only()
    {
        await using OsDriveFixture drive = await OsDriveFixture.StartAsync();
        byte[] content = Bytes(300_000);
        DataId data = await drive.SealShardAsync(content);
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        string path = Assert.Single(Directory.GetFiles(Path.Combine(drive.Root, "shards"), "*", SearchOption.AllDirectories));
        byte[] bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[ShardLayout.HeaderSize + (2 * ShardLayout.FrameSize) + 10] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);
        await using IShardReader reader = await Expect.Ok(drive.Drive.OpenShardAsync(data, Token));
        for (int chunk = 0; chunk < 5; chunk++)
        {
            DriveResult<int> read = await reader.ReadAsync(chunk * ShardLayout.ChunkSize, new byte[100], Token);
            Assert.Equal(chunk == 2 ? DriveFault.Corrupt : DriveFault.None, read.Fault);
        }
    }

    [Fact]
    public async Task Chunks_and_files_that_changed_places_are_detected()
    {
        await using OsDriveFixture drive = await OsDriveFixture.StartAsync();
        byte[] content = Bytes(2 * ShardLayout.ChunkSize);
        DataId first = await drive.SealShardAsync(content);
        DataId second = await drive.SealShardAsync(content);
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", first, second));
        string firstPath = PathOf(drive, first);
        string secondPath = PathOf(drive, second);
        byte[] bytes = await File.ReadAllBytesAsync(firstPath, Token);
        byte[] swapped = [.. bytes];
        bytes.AsSpan(ShardLayout.HeaderSize, ShardLayout.FrameSize).CopyTo(swapped.AsSpan(ShardLayout.HeaderSize + ShardLayout.FrameSize));
        bytes.AsSpan(ShardLayout.HeaderSize + ShardLayout.FrameSize).CopyTo(swapped.AsSpan(ShardLayout.HeaderSize));
        await File.WriteAllBytesAsync(firstPath, swapped, Token);
        Assert.Equal(DriveFault.Corrupt, await TryReadAsync(drive, first, content));
        await File.WriteAllBytesAsync(secondPath, bytes, Token);
        Assert.Equal(DriveFault.Corrupt, await TryReadAsync(drive, second, content));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(40 + 65_536)]
    [InlineData(40 + 65_544)]
    [InlineData(70_000)]
    public async Task Shard_file_that_was_cut_is_detected(int length)
    {
        await using OsDriveFixture drive = await OsDriveFixture.StartAsync();
        byte[] content = Bytes(80_000);
        DataId data = await drive.SealShardAsync(content);
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        await using (FileStream file = new(PathOf(drive, data), FileMode.Open))
        {
            file.SetLength(length);
        }

        Assert.Equal(DriveFault.Corrupt, await TryReadAsync(drive, data, content));
    }

    [Fact]
    public async Task Lost_shard_file_is_not_found_and_can_be_written_again()
    {
        await using OsDriveFixture drive = await OsDriveFixture.StartAsync();
        byte[] content = Bytes(80_000);
        DataId data = await drive.SealShardAsync(content);
        RegisterEntry entry = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        File.Delete(PathOf(drive, data));
        Assert.Equal(DriveFault.NotFound, await TryReadAsync(drive, data, content));
        await Expect.Ok(drive.Drive.DropShardAsync(data, Token));
        await drive.ExpectNoShardAsync(data);
        await drive.SealShardAsync(data, content);
        RegisterEntry again = entry with { Ballot = drive.NextBallot() };
        Assert.True((await drive.AcceptAsync(Key("k"), again)).IsAccepted);
        Assert.Equal(DriveFault.None, await TryReadAsync(drive, data, content));
        Assert.Equal("v? v", DriveFixture.Show(await drive.ReadAsync(Key("k"))));
        await drive.CommitAsync(Key("k"), again);
        Assert.Equal("v", DriveFixture.Show(await drive.ReadAsync(Key("k"))));
        Assert.Equal(DriveFault.None, await TryReadAsync(drive, data, content));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string PathOf(OsDriveFixture drive, DataId data) => Path.Combine(drive.Root, ShardFiles.PathOf(data));

    /// <summary>The first fault of opening and reading a shard; right bytes are checked.</summary>
    private static async Task<DriveFault> TryReadAsync(DriveFixture drive, DataId data, byte[] expected)
    {
        DriveResult<IShardReader> opened = await drive.Drive.OpenShardAsync(data, Token);
        if (!opened.IsOk)
        {
            return opened.Fault;
        }

        await using IShardReader reader = opened.Value;
        byte[] content = new byte[reader.Length];
        DriveResult<int> read = await reader.ReadAsync(0, content, Token);
        if (read.IsOk)
        {
            Expect.Bytes(expected, content);
        }

        return read.Fault;
    }

    private static async Task<ListReply> ListAsync(DriveFixture drive)
    {
        ListRequest request = new() { Space = RegisterSpace.Objects, Bucket = Bucket, Limit = 10 };
        DriveResult<ListReply> reply = await drive.Drive.ListAsync(request, default);
        return reply.IsOk ? reply.Value : new ListReply(false, [], true);
    }

    private static void Run(Func<World, SimDriveFixture, Task> scenario)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            World world = new(seed);
            world.Run(async () =>
            {
                await using SimDriveFixture drive = await SimDriveFixture.StartAsync(world);
                await scenario(world, drive);
            });
        }
    }
}
