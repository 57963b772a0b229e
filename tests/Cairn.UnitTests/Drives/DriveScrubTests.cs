using Cairn.Drives;
using Cairn.Drives.Index;
using Cairn.Drives.Registers;
using Cairn.Drives.Scrub;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Cairn.Testing.Simulation;
using Xunit;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.UnitTests.Drives;

// A drive with some of everything is scrubbed, whole and with one thing rotten at a time: every bad thing is told
// once, with what a repair needs to know, and nothing good is.
public sealed class DriveScrubTests
{
    [Fact]
    public void Whole_drive_is_read_to_its_end_without_a_finding() => Run(async (world, drive) =>
    {
        await FillAsync(drive);
        (List<ScrubFinding> findings, long bytes) = await ScrubAsync(drive, maxBytes: 10_000);
        Assert.Empty(findings);
        Assert.True(bytes > 400_000 + (20 * 500));
    });

    [Fact]
    public void Rotten_shard_file_is_found_with_its_register() => Run(async (world, drive) =>
    {
        DataId data = await FillAsync(drive);
        Assert.NotNull(drive.Disk.RotFile(world.Random, "shards/"));
        (List<ScrubFinding> findings, _) = await ScrubAsync(drive, maxBytes: 1 << 20);
        ScrubFinding finding = Assert.Single(findings);
        Assert.Equal((ScrubFindingKind.Shard, DriveFault.Corrupt), (finding.Kind, finding.Fault));
        Assert.Equal((Key("file"), VersionId.Null, data), (finding.Key!.Value, finding.Slot!.Value, finding.Data!.Value));
    });

    [Fact]
    public void Lost_shard_file_is_found() => Run(async (world, drive) =>
    {
        DataId data = await FillAsync(drive);
        drive.Disk.Names.Change(new(Cairn.Drives.Shards.ShardFiles.PathOf(data), null, null));
        (List<ScrubFinding> findings, _) = await ScrubAsync(drive, maxBytes: 1 << 20);
        Assert.Equal(DriveFault.NotFound, Assert.Single(findings).Fault);
    });

    [Fact]
    public async Task Flipped_byte_in_any_kind_of_row_is_found_and_registers_are_journaled()
    {
        foreach (IndexFamily family in (IndexFamily[])[IndexFamily.Heads, IndexFamily.Versions, IndexFamily.Shards])
        {
            await using OsDriveFixture drive = await OsDriveFixture.StartAsync();
            await FillAsync(drive);
            byte[] key = await drive.FlipRowAsync(family);
            (List<ScrubFinding> findings, _) = await ScrubAsync(drive, maxBytes: 1 << 20);
            ScrubFinding finding = Assert.Single(findings);
            if (family == IndexFamily.Shards)
            {
                Assert.Equal((ScrubFindingKind.Shard, DataId.Read(key)), (finding.Kind, finding.Data!.Value));
            }
            else
            {
                Assert.Equal(ScrubFindingKind.Register, finding.Kind);
                MissedWrite line = Assert.Single(
                    await Expect.Ok(drive.Drive.ListMissedAsync(drive.Drive.Id, null, 10, TestContext.Current.CancellationToken)));
                Assert.Equal(finding.Key, line.Key);
            }
        }
    }

    [Fact]
    public void Pace_is_kept() => Run(async (world, drive) =>
    {
        await FillAsync(drive);
        TimeSpan started = world.Now;
        long bytes = 0;
        DriveFault fault = await ScrubPace.RunAsync(
            (LocalDrive)drive.Drive,
            default,
            bytesPerSecond: 50_000,
            world.Root.Time,
            step =>
            {
                bytes += step.ByteCount;
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        Assert.Equal(DriveFault.None, fault);
        double rate = bytes / (world.Now - started).TotalSeconds;
        Assert.InRange(rate, 10_000, 60_000);
    });

    [Fact]
    public void Checkpoint_survives_as_text()
    {
        ScrubCheckpoint checkpoint = new(IndexFamily.Versions, new byte[] { 1, 255, 0 });
        ScrubCheckpoint parsed = ScrubCheckpoint.Parse(checkpoint.ToString());
        Assert.Equal(checkpoint.Family, parsed.Family);
        Assert.Equal(checkpoint.After.ToArray(), parsed.After.ToArray());
        foreach (string bad in (string[])["", "x", "9:00", "1:0", "1:zz", ":"])
        {
            Assert.Equal(default, ScrubCheckpoint.Parse(bad).Family);
        }
    }

    /// <returns>The data in a file.</returns>
    private static async Task<DataId> FillAsync(DriveFixture drive)
    {
        for (int i = 0; i < 20; i++)
        {
            await drive.PutAsync(Key("inline" + i), NullEntry(drive.NextBallot(), "v", drive.NextData()), Bytes(500));
        }

        await drive.PutAsync(Key("versions"), VersionEntry(drive.NextBallot(), "one"));
        await drive.PutAsync(Key("versions"), VersionEntry(drive.NextBallot(), "two"));
        DataId data = await drive.SealShardAsync(Bytes(400_000));
        await drive.PutAsync(Key("file"), NullEntry(drive.NextBallot(), "v", data));
        return data;
    }

    private static async Task<(List<ScrubFinding> Findings, long Bytes)> ScrubAsync(DriveFixture drive, long maxBytes)
    {
        List<ScrubFinding> findings = [];
        long bytes = 0;
        ScrubCheckpoint checkpoint = default;
        while (true)
        {
            ScrubStep step = await Expect.Ok(((LocalDrive)drive.Drive).ScrubAsync(checkpoint, maxBytes, default));
            findings.AddRange(step.Findings);
            bytes += step.ByteCount;
            if (step.IsEnd)
            {
                return (findings, bytes);
            }

            checkpoint = ScrubCheckpoint.Parse(step.Next.ToString());
        }
    }

    private static void Run(Func<World, SimDriveFixture, Task> scenario)
    {
        for (ulong seed = 1; seed <= 3; seed++)
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
