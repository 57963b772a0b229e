using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Faults;

/// <summary>A drive of a running node runs full to its last byte, by somebody else's doing.</summary>
/// <remarks>Not tested here: what a store does whose drives are all full; the room kept for deletes is of DriveFaultTests.</remarks>
public sealed class FullDriveTests
{
    private const int MebiBytes = 600;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public Task Full_drive_is_reported_once_read_on_and_healed_when_there_is_room_again() => RunAsync(FillAndEmptyAsync);

    // Regression: RocksDB ended the process when it had no room for its first message.
    [Fact]
    public Task Node_starts_beside_a_drive_without_a_free_byte_and_heals_it_when_there_is_room_again() =>
        RunAsync(FillAndStartAsync);

    private static async Task RunAsync(Func<ProcessNode, List<MemoryDrive>, Task> test)
    {
        await using ProcessNode node = ProcessNode.Prepare(new ProcessNodeOptions());
        List<MemoryDrive> drives = [];
        try
        {
            foreach (string folder in node.DriveFolders)
            {
                drives.Add(await MemoryDrive.MountAsync(folder, MebiBytes));
            }

            await node.StartAsync();
            await test(node, drives);
        }
        finally
        {
            foreach (MemoryDrive drive in drives)
            {
                await drive.DisposeAsync();
            }
        }
    }

    private static async Task FillAndStartAsync(ProcessNode node, List<MemoryDrive> drives)
    {
        var objects = new StoredObjects(node);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("before", 1);
        drives[0].Fill();
        await node.KillAsync();
        await node.StartAsync();
        await WaitForLogAsync(node, "The index cannot be opened");
        await objects.WriteAsync("beside", 3);
        await objects.VerifyAsync();

        drives[0].Empty();
        await WaitForLogAsync(node, $"Drive {node.DriveFolders[0]} is Online");
        await Healing.WaitAsync(node);
        Assert.Equal(0, await node.StopAsync());
        await DriveInspection.AssertWholeAsync(node);
    }

    private static async Task FillAndEmptyAsync(ProcessNode node, List<MemoryDrive> drives)
    {
        var objects = new StoredObjects(node);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("before", 1);
        await objects.WriteAsync("short lived", 1);

        drives[0].Fill();
        await objects.WriteAsync("full", 3);
        await objects.DeleteAsync("short lived");
        await objects.VerifyAsync();
        await WaitForLogAsync(node, $"Drive {node.DriveFolders[0]} is full");
        await objects.WriteAsync("still full", 3);
        Assert.Equal(1, node.CountInLog("is full"));
        Assert.Equal(0, node.CountInLog("opened again"));

        drives[0].Empty();
        await WaitForLogAsync(node, $"Drive {node.DriveFolders[0]} is Online");
        await Healing.WaitAsync(node);
        Assert.InRange(node.CountInLog("opened again"), 0, 1);
        Assert.Equal(0, await node.StopAsync());
        await DriveInspection.AssertWholeAsync(node);

        // Every byte has to come from the drive that was full, and one other.
        await node.StartAsync();
        await drives[2].DisposeAsync();
        await drives[3].DisposeAsync();
        await objects.VerifyAsync();
    }

    private static async Task WaitForLogAsync(ProcessNode node, string line)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (node.CountInLog(line) == 0)
        {
            Assert.False(limit.IsCancellationRequested, $"{line}: not said after {Limit}:\n{node.LogTail}");
            // The log of another process is read again.
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }
}
