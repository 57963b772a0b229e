using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Cairn.Testing.Simulation;
using Xunit;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.UnitTests.Drives;

// Writers work on a simulated disk until the power fails at a moment chosen by seed. What must hold after the start:
// every answered accept is held (or was superseded by a committed one), its data reads back, no promise is forgotten,
// and once the sweep is through, no shard file is left that nothing names.
public sealed class DriveCrashTests
{
    private const int Writers = 6;

    [Fact]
    public void Nothing_answered_is_lost_and_nothing_is_left_over_after_a_power_loss()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            World world = new(seed);
            world.Run(() => CrashOnceAsync(world));
        }
    }

    [Fact]
    public void Sealed_shard_that_nobody_named_is_swept_after_a_crash()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            World world = new(seed);
            world.Run(async () =>
            {
                await using SimDriveFixture drive = await SimDriveFixture.StartAsync(world);
                DataId named = await drive.SealShardAsync(Bytes(1000));
                await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", named));
                await drive.SealShardAsync(Bytes(2000));
                await drive.CrashAsync();
                DataId fresh = await drive.SealShardAsync(Bytes(3000));
                await world.DelayAsync(TimeSpan.FromMinutes(1));
                Assert.Equal(2, Shards(drive).Count());
                await drive.PutAsync(Key("l"), NullEntry(drive.NextBallot(), "v", fresh));
                Expect.Bytes(Bytes(1000), await drive.ReadShardAsync(named));
                Expect.Bytes(Bytes(3000), await drive.ReadShardAsync(fresh));
            });
        }
    }

    // A repair finds the file of an earlier run in its way, drops it and writes it anew, while the sweep is at that file.
    [Fact]
    public void Shard_written_anew_under_an_orphans_name_is_not_swept()
    {
        for (ulong seed = 1; seed <= 400; seed++)
        {
            World world = new(seed);
            world.Run(async () =>
            {
                await using SimDriveFixture drive = await SimDriveFixture.StartAsync(world);
                DataId data = await drive.SealShardAsync(Bytes(1000));
                await drive.CrashAsync();
                await world.DelayAsync(world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(1.5)));
                while (!await TryWriteAnewAsync(drive, data))
                {
                    await world.DelayAsync(TimeSpan.FromMilliseconds(1));
                }

                await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
                await world.DelayAsync(TimeSpan.FromMinutes(1));
                Expect.Bytes(Bytes(2000), await drive.ReadShardAsync(data));
            });
        }
    }

    private static async Task<bool> TryWriteAnewAsync(SimDriveFixture drive, DataId data)
    {
        await drive.Drive.DropShardAsync(data, default);
        DriveResult<IShardWriter> created = await drive.Drive.CreateShardAsync(data, 2000, default);
        if (!created.IsOk)
        {
            return false;
        }

        await using IShardWriter writer = created.Value;
        Assert.Equal(DriveFault.None, await writer.WriteAsync(Bytes(2000), default));
        Assert.Equal(DriveFault.None, await writer.SealAsync(default));
        return true;
    }

    private static async Task CrashOnceAsync(World world)
    {
        await using SimDriveFixture drive = await SimDriveFixture.StartAsync(world);
        Dictionary<string, List<RegisterEntry>> held = [];
        Dictionary<string, Ballot> promised = [];
        for (int writer = 0; writer < Writers; writer++)
        {
            string name = "k" + writer;
            held[name] = [];
            promised[name] = Ballot.Zero;
            _ = WriteAsync(world, drive, name, held[name], promised);
        }

        await world.DelayAsync(TimeSpan.FromMilliseconds(world.Random.Next(120)));
        await drive.CrashAsync();
        await world.DelayAsync(TimeSpan.FromMinutes(1));
        int dataCount = 0;
        foreach ((string name, List<RegisterEntry> entries) in held)
        {
            RegisterView view = await drive.ReadAsync(Key(name));
            Assert.True(view.Promised >= promised[name]);
            Ballot committed = view.Entries.Where(entry => entry.IsCommitted).Select(entry => entry.Ballot).FirstOrDefault();
            foreach (RegisterEntry entry in entries.Where(entry => entry.Ballot >= committed))
            {
                Assert.Contains(view.Entries, other => other.Ballot == entry.Ballot);
            }

            foreach (RegisterEntry entry in view.Entries.Where(entry => entry.Data.Count != 0))
            {
                dataCount++;
                Expect.Bytes(Content(entry.Ballot), await drive.ReadShardAsync(entry.Data[0]));
            }
        }

        Assert.Equal(dataCount, Shards(drive).Count());
    }

    // Runs into its process's end: after the crash nothing of it goes on.
    private static async Task WriteAsync(
        World world, SimDriveFixture drive, string name, List<RegisterEntry> held, Dictionary<string, Ballot> promised)
    {
        IDrive own = drive.Drive;
        while (true)
        {
            RegisterEntry entry = NullEntry(drive.NextBallot(), "v", drive.NextData());
            DriveResult<IShardWriter> created = await own.CreateShardAsync(entry.Data[0], 0, default);
            await created.Value.WriteAsync(Content(entry.Ballot), default);
            await created.Value.SealAsync(default);
            await created.Value.DisposeAsync();
            DriveResult<AcceptReply> reply = await own.AcceptAsync(new AcceptRequest(Key(name), entry), default);
            if (reply.IsOk && reply.Value.IsAccepted)
            {
                held.Add(entry);
            }

            if (world.Random.Chance(0.5))
            {
                await own.CommitAsync(new CommitRequest(Key(name), entry.Slot, entry.Ballot, []), default);
            }

            Ballot ballot = drive.NextBallot();
            DriveResult<PrepareReply> prepared = await own.PrepareAsync(Key(name), ballot, null, default);
            promised[name] = prepared.IsOk && prepared.Value.IsPromised ? ballot : promised[name];
        }
    }

    private static byte[] Content(Ballot ballot) => Bytes((int)(ballot.Clock % 997) * 100, (byte)ballot.Clock);

    private static IEnumerable<string> Shards(SimDriveFixture drive) => drive.Disk.Names.Files()
        .Select(file => file.Path).Where(path => path.StartsWith("shards/", StringComparison.Ordinal));
}
