using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Drives.Os;
using Cairn.Drives.Registers;
using Cairn.Testing.Drives;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Disks;
using Xunit;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.UnitTests.Drives;

// A bay over a simulated disk that is pulled, returned, poisoned and refuses to open, on a virtual clock.
public sealed class DriveBayTests
{
    [Fact]
    public void Pulled_disk_is_noticed_within_a_period_and_taken_in_again() => Run(async (world, drive, bay) =>
    {
        await PutAsync(bay, drive, "before");
        List<DriveState> told = [];
        bay.Changed += changed => told.Add(changed.State);
        drive.Disk.Remove();
        await world.DelayAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(DriveState.Offline, bay.State);
        await Expect.Fault(DriveFault.Offline, bay.ReadAsync(Key("k"), null, false, default));
        Assert.NotNull(bay.Problem);
        drive.Disk.Return();
        await world.DelayAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(DriveState.Online, bay.State);
        Assert.Null(bay.Problem);
        Assert.Equal([DriveState.Offline, DriveState.Online], told);
        RegisterView view = await Expect.Ok(bay.ReadAsync(Key("k"), null, false, default));
        Assert.Equal("before?", Show(view));
    });

    [Fact]
    public void Poisoned_drive_is_opened_again() => Run(async (world, drive, bay) =>
    {
        drive.Disk.Faults.WriteErrorChance = 1;
        AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), "v"));
        await Expect.Fault(DriveFault.Io, bay.AcceptAsync(request, default));
        drive.Disk.Faults.Clear();
        await world.DelayAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(DriveState.Online, bay.State);
        await PutAsync(bay, drive, "after");
    });

    [Fact]
    public void Drive_without_a_byte_left_is_told_once_and_read_and_opened_again_when_there_is_room() => Run(
        async (world, drive, bay) =>
        {
            await PutAsync(bay, drive, "before");
            List<(DriveState, bool)> told = [];
            bay.Changed += changed => told.Add((changed.State, changed.IsFull));
            int mounts = drive.MountCount;
            drive.Disk.CapacityBytes = drive.Disk.UsedBytes;
            AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), "v"));

            // What had to be written by the time it was noticed may be there or not; after that surely not.
            await Expect.Fault(DriveFault.Poisoned, bay.AcceptAsync(request, default));
            await Expect.Fault(DriveFault.Full, bay.AcceptAsync(request, default));
            await world.DelayAsync(TimeSpan.FromMinutes(10));
            await Expect.Fault(DriveFault.Full, bay.AcceptAsync(request, default));
            await Expect.Fault(DriveFault.Full, bay.CreateShardAsync(drive.NextData(), 1000, default));
            Assert.Equal("before?", Show(await Expect.Ok(bay.ReadAsync(Key("k"), null, false, default))));
            Assert.Equal([(DriveState.Poisoned, true)], told);
            Assert.Equal(mounts, drive.MountCount);

            drive.Disk.CapacityBytes = SimDisk.Unlimited;
            await world.DelayAsync(TimeSpan.FromSeconds(5));
            Assert.Equal([(DriveState.Poisoned, true), (DriveState.Offline, false), (DriveState.Online, false)], told);
            await PutAsync(bay, drive, "after");
        },
        Reserve);

    [Fact]
    public void Drive_with_nothing_left_but_the_room_for_deletes_takes_them_and_is_told_once() => Run(
        async (world, drive, bay) =>
        {
            await PutAsync(bay, drive, "before");
            List<(DriveState, bool)> told = [];
            bay.Changed += changed => told.Add((changed.State, changed.IsFull));
            drive.Disk.CapacityBytes = drive.Disk.UsedBytes + (Reserve.ReserveBytes / 2);
            await world.DelayAsync(TimeSpan.FromSeconds(5));
            for (int refused = 0; refused < 5; refused++)
            {
                AcceptRequest request = new(
                    Key("new"), NullEntry(drive.NextBallot(), "v", drive.NextData()), Bytes(1000), HasInline: true);
                await Expect.Fault(DriveFault.Full, bay.AcceptAsync(request, default));
                await world.DelayAsync(TimeSpan.FromSeconds(5));
            }

            Assert.True((await Expect.Ok(bay.AcceptAsync(
                new AcceptRequest(Key("k"), Tombstone(NullEntry(drive.NextBallot(), "before"), drive.NextBallot())), default))).IsAccepted);
            Assert.Equal([(DriveState.Online, true)], told);

            // At the edge it would come and go.
            drive.Disk.CapacityBytes = drive.Disk.UsedBytes + Reserve.ReserveBytes + 1;
            await world.DelayAsync(TimeSpan.FromSeconds(5));
            Assert.True(bay.IsFull);
            drive.Disk.CapacityBytes = SimDisk.Unlimited;
            await world.DelayAsync(TimeSpan.FromSeconds(5));
            Assert.Equal([(DriveState.Online, true), (DriveState.Online, false)], told);
        },
        Reserve);

    [Fact]
    public void Drive_that_does_not_open_is_tried_less_and_less_often() => Run(async (world, drive, bay) =>
    {
        drive.Disk.Remove();
        await world.DelayAsync(TimeSpan.FromMinutes(2));
        int before = drive.MountCount;
        await world.DelayAsync(TimeSpan.FromMinutes(10));
        Assert.InRange(drive.MountCount - before, 55, 61);
        drive.Disk.Return();
        await world.DelayAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(DriveState.Online, bay.State);
    });

    [Fact]
    public void Bay_opens_without_its_drive()
    {
        World world = new(1);
        world.Run(async () =>
        {
            await using SimDriveFixture drive = await SimDriveFixture.StartAsync(world);
            await drive.Drive.DisposeAsync();
            drive.Disk.Remove();
            await using DriveBay bay = await DriveBay.OpenAsync(drive.BayParts());
            Assert.Equal(DriveState.Offline, bay.State);
            Assert.Equal(drive.Id, bay.Id);
            Assert.NotNull(bay.Problem);
            drive.Disk.Return();
            await world.DelayAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(DriveState.Online, bay.State);
        });
    }

    [Fact]
    public void Damaged_index_is_begun_anew_when_the_other_drives_are_well_and_not_before()
    {
        World world = new(1);
        world.Run(async () =>
        {
            await using SimDriveFixture drive = await SimDriveFixture.StartAsync(world);
            await drive.Drive.DisposeAsync();
            bool isWell = false;
            int renewals = 0;
            DriveBayParts parts = drive.BayParts();
            await using DriveBay bay = await DriveBay.OpenAsync(parts with
            {
                MountAsync = onFault => renewals == 0
                    ? throw new DriveIoException(DriveFault.Corrupt, "damaged") { IsOfIndex = true }
                    : parts.MountAsync(onFault),
                MayRenewIndex = () => isWell,
                RenewIndexAsync = () =>
                {
                    renewals++;
                    return ValueTask.CompletedTask;
                },
            });
            await world.DelayAsync(TimeSpan.FromMinutes(5));
            Assert.Equal((true, DriveState.Offline, 0), (bay.IsIndexDamaged, bay.State, renewals));
            isWell = true;
            await world.DelayAsync(TimeSpan.FromMinutes(1));
            Assert.Equal((false, DriveState.Online, 1), (bay.IsIndexDamaged, bay.State, renewals));
        });
    }

    private static async Task PutAsync(DriveBay bay, DriveFixture drive, string body)
    {
        AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), body));
        Assert.True((await Expect.Ok(bay.AcceptAsync(request, default))).IsAccepted);
    }

    private static readonly LocalDriveOptions Reserve = new() { ReserveBytes = 60_000, ReservePercent = 0 };

    private static void Run(Func<World, SimDriveFixture, DriveBay, Task> scenario, LocalDriveOptions? options = null)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            World world = new(seed);
            world.Run(async () =>
            {
                await using SimDriveFixture drive = await SimDriveFixture.StartAsync(world, options: options);
                await drive.Drive.DisposeAsync();
                await using DriveBay bay = await DriveBay.OpenAsync(drive.BayParts());
                await scenario(world, drive, bay);
            });
        }
    }
}
