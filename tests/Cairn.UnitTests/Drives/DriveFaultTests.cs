using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Cairn.Testing.Simulation;
using Xunit;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.UnitTests.Drives;

// A drive on a simulated disk whose faults are switched on for single calls. What must hold: the right fault is
// answered, nothing half-done shows, a failed sync poisons, and everything answered before is there afterwards.
public sealed class DriveFaultTests
{
    [Fact]
    public void Failed_index_write_poisons_until_the_drive_is_opened_again() => Run(async drive =>
    {
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "kept"));
        drive.Disk.Faults.WriteErrorChance = 1;
        AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), "lost"));
        await Expect.Fault(DriveFault.Io, drive.Drive.AcceptAsync(request, default));
        drive.Disk.Faults.Clear();
        Assert.Equal(DriveState.Poisoned, drive.Drive.State);
        await Expect.Fault(DriveFault.Poisoned, drive.Drive.AcceptAsync(request, default));
        await Expect.Fault(DriveFault.Poisoned, drive.Drive.CreateShardAsync(drive.NextData(), 0, default));
        Assert.Equal("kept", Show(await drive.ReadAsync(Key("k"))));
        Assert.Contains(DriveFault.Io, drive.Reported);
        await drive.ReopenAsync();
        Assert.Equal(DriveState.Online, drive.Drive.State);
        string shown = Show(await drive.ReadAsync(Key("k")));
        Assert.True(shown is "kept" or "lost? kept", shown);
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "new"));
    });

    [Fact]
    public void Failed_write_fails_everyone_in_its_batch() => Run(async drive =>
    {
        drive.Disk.Faults.WriteErrorChance = 1;
        AcceptRequest[] requests =
            [.. Enumerable.Range(0, 20).Select(i => new AcceptRequest(Key("k" + i), NullEntry(drive.NextBallot(), "v")))];
        DriveResult<AcceptReply>[] replies =
            await Task.WhenAll(requests.Select(request => drive.Drive.AcceptAsync(request, default).AsTask()));
        Assert.All(replies, reply => Assert.True(reply.Fault is DriveFault.Io or DriveFault.Poisoned));
        drive.Disk.Faults.Clear();
    });

    [Fact]
    public void Failed_sync_of_a_shard_poisons() => Run(async drive =>
    {
        DataId data = drive.NextData();
        await using (IShardWriter writer = await Expect.Ok(drive.Drive.CreateShardAsync(data, 0, default)))
        {
            await Expect.Ok(writer.WriteAsync(Bytes(10_000), default));
            drive.Disk.Faults.SyncErrorChance = 1;
            Assert.Equal(DriveFault.Io, await writer.SealAsync(default));
            Assert.Equal(DriveFault.Io, await writer.SealAsync(default));
            drive.Disk.Faults.Clear();
        }

        Assert.Equal(DriveState.Poisoned, drive.Drive.State);
        await drive.ReopenAsync();
        AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        await Expect.Fault(DriveFault.NotFound, drive.Drive.AcceptAsync(request, default));
    });

    [Fact]
    public void Failed_write_of_a_shard_fails_the_shard_alone() => Run(async drive =>
    {
        DataId data = drive.NextData();
        await using (IShardWriter writer = await Expect.Ok(drive.Drive.CreateShardAsync(data, 0, default)))
        {
            drive.Disk.Faults.WriteErrorChance = 1;
            Assert.Equal(DriveFault.Io, await writer.WriteAsync(Bytes(300_000), default));
            drive.Disk.Faults.Clear();
            Assert.Equal(DriveFault.Io, await writer.SealAsync(default));
        }

        Assert.Equal(DriveState.Online, drive.Drive.State);
        await drive.SealShardAsync(data, Bytes(100));
    });

    // The call that hangs is the one to end the writer: until then the file is in use.
    [Fact]
    public void Writer_that_is_disposed_while_its_drive_hangs_ends_with_its_last_call() => Run(async drive =>
    {
        DataId data = drive.NextData();
        IShardWriter writer = await Expect.Ok(drive.Drive.CreateShardAsync(data, 0, default));
        await Expect.Ok(writer.WriteAsync(Bytes(100), default));
        drive.Disk.Faults.Hang();
        Task<DriveFault> sealing = writer.SealAsync(default).AsTask();
        await drive.World.DelayAsync(TimeSpan.FromSeconds(1));
        await writer.DisposeAsync();
        await drive.World.DelayAsync(TimeSpan.FromSeconds(1));
        drive.Disk.Faults.Release();
        Assert.NotEqual(DriveFault.None, await sealing);
        Assert.Empty(drive.Disk.OpenFiles);
        await drive.SealShardAsync(data, Bytes(50));
    });

    [Fact]
    public void Failed_read_fails_the_call_alone() => Run(async drive =>
    {
        DataId data = await drive.SealShardAsync(Bytes(1000));
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "one", data));
        await using IShardReader reader = await Expect.Ok(drive.Drive.OpenShardAsync(data, default));
        drive.Disk.Faults.ReadErrorChance = 1;
        await Expect.Fault(DriveFault.Io, drive.Drive.ReadAsync(Key("k"), null, false, default));
        await Expect.Fault(DriveFault.Io, drive.Drive.OpenShardAsync(data, default));
        await Expect.Fault(DriveFault.Io, reader.ReadAsync(0, new byte[10], default));
        AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), "two"));
        await Expect.Fault(DriveFault.Io, drive.Drive.AcceptAsync(request, default));
        drive.Disk.Faults.Clear();
        Assert.Equal(DriveState.Online, drive.Drive.State);
        Assert.Equal("one", Show(await drive.ReadAsync(Key("k"))));
    });

    [Fact]
    public void Full_drive_refuses_data_and_takes_deletes() => Run(
        async drive =>
        {
            RegisterEntry kept = await drive.PutAsync(
                Key("k"), NullEntry(drive.NextBallot(), "kept", drive.NextData()), Bytes(1000));
            drive.Disk.CapacityBytes = 50_000;
            await drive.World.DelayAsync(TimeSpan.FromSeconds(2));
            AcceptRequest request = new(
                Key("new"), NullEntry(drive.NextBallot(), "v", drive.NextData()), Bytes(1000), HasInline: true);
            await Expect.Fault(DriveFault.Full, drive.Drive.AcceptAsync(request, default));
            await Expect.Fault(DriveFault.Full, drive.Drive.CreateShardAsync(drive.NextData(), 1000, default));
            Expect.Equal("", Show(await drive.ReadAsync(Key("new"))));
            await drive.PutAsync(Key("k"), Tombstone(kept, drive.NextBallot()));
            await drive.ExpectNoShardAsync(kept.Data[0]);
            drive.Disk.CapacityBytes = 1 << 30;
            await drive.World.DelayAsync(TimeSpan.FromSeconds(2));
            Assert.True((await Expect.Ok(drive.Drive.AcceptAsync(request, default))).IsAccepted);
        },
        new LocalDriveOptions { ReserveBytes = 60_000, ReservePercent = 0 });

    [Fact]
    public void Shard_that_meets_the_end_of_the_disk_is_full_and_leaves_nothing() => Run(async drive =>
    {
        drive.Disk.CapacityBytes = 100_000;
        DataId data = drive.NextData();
        await using (IShardWriter writer = await Expect.Ok(drive.Drive.CreateShardAsync(data, 0, default)))
        {
            Assert.Equal(DriveFault.Full, await writer.WriteAsync(Bytes(400_000), default));
        }

        Assert.Equal(DriveState.Online, drive.Drive.State);
        await drive.SealShardAsync(data, Bytes(1000));
    });

    [Fact]
    public void Too_many_queued_operations_are_busy() => Run(
        async drive =>
        {
            drive.Disk.Faults.Hang();
            Task<DriveResult<AcceptReply>>[] calls = [.. Enumerable.Range(0, 50).Select(i => drive.Drive
                .AcceptAsync(new AcceptRequest(Key("k" + i), NullEntry(drive.NextBallot(), "v")), default).AsTask())];
            await drive.World.DelayAsync(TimeSpan.FromSeconds(1));
            drive.Disk.Faults.Release();
            DriveResult<AcceptReply>[] replies = await Task.WhenAll(calls);
            Assert.Contains(replies, reply => reply.Fault == DriveFault.Busy);
            Assert.Contains(replies, reply => reply.IsOk);
            Assert.True((await drive.AcceptAsync(Key("after"), NullEntry(drive.NextBallot(), "v"))).IsAccepted);
        },
        new LocalDriveOptions { ReserveBytes = 0, ReservePercent = 0, MaxQueuedOperations = 10 });

    [Fact]
    public void Cancellation_frees_the_caller_of_a_hanging_drive() => Run(async drive =>
    {
        drive.Disk.Faults.Hang();
        using CancellationTokenSource patience = new();
        Task<DriveResult<AcceptReply>> call = drive.Drive
            .AcceptAsync(new AcceptRequest(Key("k"), NullEntry(drive.NextBallot(), "v")), patience.Token).AsTask();
        await drive.World.DelayAsync(TimeSpan.FromSeconds(1));
        Assert.False(call.IsCompleted);
        patience.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        drive.Disk.Faults.Release();
    });

    [Fact]
    public void Recovering_drive_stores_and_serves_without_a_vote()
    {
        World world = new(1);
        world.Run(async () =>
        {
            await using SimDriveFixture drive = await SimDriveFixture.StartAsync(world, isRecovering: true);
            Assert.Equal(DriveState.Recovering, drive.Drive.State);
            AcceptReply reply = await drive.AcceptAsync(Key("k"), NullEntry(drive.NextBallot(), "v"));
            Assert.True(reply is { IsAccepted: true, IsVoting: false });
            Assert.False((await drive.ReadAsync(Key("k"))).IsVoting);
            Assert.False((await drive.PrepareAsync(Key("k"), drive.NextBallot())).View!.IsVoting);
            await drive.ReopenAsync();
            Assert.Equal(DriveState.Recovering, drive.Drive.State);
            Assert.Equal(DriveFault.None, await drive.Drive.EndRecoveryAsync(default));
            Assert.True((await drive.ReadAsync(Key("k"))).IsVoting);
            await drive.ReopenAsync();
            Assert.Equal(DriveState.Online, drive.Drive.State);
        });
    }

    [Fact]
    public void Simulated_drive_that_is_pulled_out_answers_offline() => Run(async drive =>
    {
        drive.Disk.Remove();
        await Expect.Fault(DriveFault.Offline, drive.Drive.ReadAsync(Key("k"), null, false, default));
        AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), "v"));
        await Expect.Fault(DriveFault.Offline, drive.Drive.AcceptAsync(request, default));
    });

    private static void Run(Func<SimDriveFixture, Task> scenario, LocalDriveOptions? options = null)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            World world = new(seed);
            world.Run(async () =>
            {
                await using SimDriveFixture drive = await SimDriveFixture.StartAsync(world, options: options);
                await scenario(drive);
            });
        }
    }
}
