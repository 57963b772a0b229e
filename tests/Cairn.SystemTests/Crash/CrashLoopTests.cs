using System.Globalization;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Crash;

/// <summary>The crash loop on a disk and on tmpfs, where writes take another time and so kills hit other moments.</summary>
/// <remarks>
/// CAIRN_CRASH_KILLS sets the number of kills for the long run; CAIRN_CRASH_SEED repeats one.
/// </remarks>
public sealed class CrashLoopTests
{
    private const int DefaultKills = 10;

    // Recovery replays a log of a few seconds of writes; more than this means that it walks the drive.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public Task Nothing_acknowledged_is_lost_when_a_node_on_disk_is_killed_under_load() => KillAsync(null);

    [Fact]
    public Task Nothing_acknowledged_is_lost_when_a_node_on_tmpfs_is_killed_under_load() => KillAsync("/dev/shm");

    private static async Task KillAsync(string? parentFolder)
    {
        int kills = ReadNumber("CAIRN_CRASH_KILLS") ?? DefaultKills;
        int seed = ReadNumber("CAIRN_CRASH_SEED") ?? Random.Shared.Next();
        await using ProcessNode node = await ProcessNode.StartNewAsync(new ProcessNodeOptions { ParentFolder = parentFolder });
        var loop = new CrashLoop(node, seed);
        try
        {
            await loop.RunAsync(kills);
        }
        catch
        {
            node.KeepLog($"crash-{seed}");
            throw;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kills} kills, seed {seed}: {loop.Counts}; longest start {loop.LongestStart.TotalSeconds:F1} s");

        Assert.True(loop.Counts.Acknowledged > kills, $"The load hardly ran: {loop.Counts}");
        Assert.True(loop.LongestStart < StartLimit, $"A start took {loop.LongestStart}.");
        Assert.Equal(0, await node.StopAsync());
        await DriveInspection.AssertWholeAsync(node);
    }

    private static int? ReadNumber(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
