using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Drives.Inspection;
using Cairn.Drives.Os;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Xunit;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.UnitTests.Drives;

// A closed drive is inspected whole and with single things wrong; the folder must be byte for byte the same afterwards.
public sealed class DriveInspectionTests
{
    private static readonly RegisterKey Small = RegisterKey.Of(RegisterSpace.Objects, new BucketId(1), "small"u8);
    private static readonly RegisterKey Large = RegisterKey.Of(RegisterSpace.Objects, new BucketId(1), "large"u8);
    private static readonly DataId InlineData = new(5, 6);
    private static readonly DataId FileData = new(7, 8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whole_drive_is_reported_as_such_and_not_touched()
    {
        using ScratchDrives scratch = new(1);
        await FillAsync(scratch);
        Dictionary<string, string> before = Snapshot(scratch.Paths[0]);
        DriveReport report = await InspectAsync(scratch);
        Assert.Equal(before, Snapshot(scratch.Paths[0]));
        Assert.Empty(report.Defects);
        Assert.True(report is { IsWhole: true, WasClosed: true, IsRecovering: false });
        Assert.Equal((2, 4, 1, 1), (report.Registers, report.Entries, report.PendingEntries, report.Tombstones));
        Assert.Equal((1, 100, 1, 100_000), (report.InlineShards, report.InlineBytes, report.ShardFiles, report.ShardBytes));
        Assert.Equal((0, 1), (report.OrphanFiles, report.JournalLines));
    }

    [Fact]
    public async Task Damaged_shard_file_is_reported_when_shards_are_read()
    {
        using ScratchDrives scratch = new(1);
        await FillAsync(scratch);
        string path = Path.Combine(scratch.Paths[0], ShardFiles.PathOf(FileData));
        byte[] bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[50_000] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);
        Assert.True((await InspectAsync(scratch, readsShards: false)).IsWhole);
        DriveReport report = await InspectAsync(scratch);
        Assert.Equal(DriveDefectKind.BadShard, Assert.Single(report.Defects).Kind);
        Assert.False(report.IsWhole);
    }

    [Fact]
    public async Task Missing_file_and_orphan_are_reported()
    {
        using ScratchDrives scratch = new(1);
        await FillAsync(scratch);
        string path = Path.Combine(scratch.Paths[0], ShardFiles.PathOf(FileData));
        File.Move(path, Path.Combine(Path.GetDirectoryName(path)!, new DataId(1, 8).ToString()));
        DriveReport report = await InspectAsync(scratch);
        Assert.Equal(
            [DriveDefectKind.MissingShard, DriveDefectKind.OrphanFile], report.Defects.Select(defect => defect.Kind));
        Assert.Equal(1, report.OrphanFiles);
    }

    [Fact]
    public async Task Drive_in_use_is_refused()
    {
        using ScratchDrives scratch = new(1);
        await using LocalDriveSet drives = await scratch.OpenAsync();
        DriveIoException refused = await Assert.ThrowsAsync<DriveIoException>(() => InspectAsync(scratch));
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        Assert.Equal(DriveState.Online, drives.Bays[0].State);
    }

    [Fact]
    public async Task Folder_that_is_no_drive_is_refused()
    {
        using ScratchDrives scratch = new(1);
        Directory.CreateDirectory(scratch.Paths[0]);
        await Assert.ThrowsAsync<DriveIoException>(() => InspectAsync(scratch));
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Paths[0]));
    }

    [Fact]
    public async Task Drive_with_its_log_elsewhere_is_inspected_with_it()
    {
        using ScratchDrives scratch = new(1);
        scratch.WalDirectory = Path.Combine(scratch.Root, "wal");
        await FillAsync(scratch);
        Assert.Equal(4, (await InspectAsync(scratch)).Entries);
    }

    private static async Task<DriveReport> InspectAsync(ScratchDrives scratch, bool readsShards = true) =>
        (await OsDriveInspection.RunAsync(scratch.Paths[0], readsShards, Token)).Report;

    private static async Task FillAsync(ScratchDrives scratch)
    {
        await using LocalDriveSet drives = await scratch.OpenAsync();
        DriveBay drive = drives.Bays[0];
        RegisterEntry one = VersionEntry(new Ballot(1, 1), "one", InlineData);
        await Expect.Ok(drive.AcceptAsync(new AcceptRequest(Small, one, Bytes(100), true), Token));
        await Expect.Ok(drive.CommitAsync(new CommitRequest(Small, one.Slot, one.Ballot, [new DriveId(Guid.Empty)]), Token));
        RegisterEntry two = VersionEntry(new Ballot(2, 1), "two");
        await Expect.Ok(drive.AcceptAsync(new AcceptRequest(Small, two), Token));
        await Expect.Ok(drive.CommitAsync(new CommitRequest(Small, two.Slot, two.Ballot, []), Token));
        RegisterEntry tombstone = Tombstone(two, new Ballot(3, 1));
        await Expect.Ok(drive.AcceptAsync(new AcceptRequest(Small, tombstone), Token));
        await Expect.Ok(drive.CommitAsync(new CommitRequest(Small, two.Slot, tombstone.Ballot, []), Token));
        await using (IShardWriter writer = await Expect.Ok(drive.CreateShardAsync(FileData, 0, Token)))
        {
            await Expect.Ok(writer.WriteAsync(Bytes(100_000), Token));
            await Expect.Ok(writer.SealAsync(Token));
        }

        RegisterEntry large = NullEntry(new Ballot(4, 1), "large", FileData);
        await Expect.Ok(drive.AcceptAsync(new AcceptRequest(Large, large), Token));
        await Expect.Ok(drive.AcceptAsync(
            new AcceptRequest(Large, NullEntry(new Ballot(5, 1), "large again", FileData)), Token));
        await Expect.Ok(drive.CommitAsync(new CommitRequest(Large, large.Slot, large.Ballot, []), Token));
    }

    private static Dictionary<string, string> Snapshot(string folder) => Directory
        .GetFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => path, path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));
}
