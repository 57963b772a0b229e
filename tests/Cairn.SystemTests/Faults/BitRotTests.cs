using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Faults;

/// <summary>A flipped bit in any file of one drive never reaches a client and is repaired.</summary>
/// <remarks>
/// Arranged: objects of every shape on 2+2, drives that are checked all the time. A bit is turned in the middle of every
/// file of one kind on one drive, in the running node or while it is stopped. Every object has to come back right; after
/// healing the damaged drive is put to the proof together with one other drive, the remaining two taken away.
/// Damage to a shard file is repaired there; damage to the index has the whole drive rebuilt, by itself.
/// </remarks>
public sealed class BitRotTests
{
    [Theory]
    [InlineData("shards")]
    [InlineData("*.sst")]
    [InlineData("pack-*")]
    public Task Flipped_bits_under_a_running_node_are_served_right_and_repaired(string kind) => RotAsync(kind, isRunning: true);

    [Theory]
    [InlineData("shards")]
    [InlineData("*.sst")]
    [InlineData("pack-*")]
    [InlineData("log-*")]
    [InlineData("MANIFEST-*")]
    public Task Flipped_bits_found_at_the_start_are_served_right_and_repaired(string kind) => RotAsync(kind, isRunning: false);

    private static async Task RotAsync(string kind, bool isRunning)
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync(
            new ProcessNodeOptions { Arguments = ["--scrub-seconds", "1"] });
        var objects = new StoredObjects(node);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("old", 2);
        // A clean stop flushes the log into tables and packs, so that there are such files to damage.
        Assert.Equal(0, await node.StopAsync());
        await node.StartAsync();
        await objects.WriteAsync("new", 1);
        if (!isRunning)
        {
            await node.KillAsync();
        }

        List<string> files = FilesOf(node.DriveFolders[0], kind);
        Assert.NotEmpty(files);
        files.ForEach(DriveSurgery.FlipBit);
        if (!isRunning)
        {
            await node.StartAsync();
        }

        await objects.VerifyAsync();
        // Reads ask only as many drives as they need, so some damage is met by the check alone. The first check to end
        // may have passed the place before it was damaged; the second one began later.
        await Healing.WaitForChecksAsync(node, node.DriveFolders[0], 2);
        await Healing.WaitAsync(node);
        DriveSurgery.Take(node, 2);
        DriveSurgery.Take(node, 3);
        await objects.VerifyAsync();
    }

    private static List<string> FilesOf(string drive, string kind)
    {
        IEnumerable<string> all = kind == "shards"
            ? Directory.EnumerateFiles(Path.Combine(drive, "shards"), "*", SearchOption.AllDirectories)
            : Directory.EnumerateFiles(drive, kind, SearchOption.AllDirectories);
        return [.. all.Where(file => new FileInfo(file).Length > 0)];
    }
}
