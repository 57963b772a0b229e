using Cairn.Drives.Registers;
using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit.Listing;

/// <remarks>
/// Method: a random history under outages leaves replicas that differ: missed writes and deletes, pending values that
/// may or may not have been chosen, tombstones, changed versions. Then a listing, served by just enough drives, of which
/// some may fail on the way, must show what reading every register says afterwards. Not checked: writes during the
/// listing (the store's simulation does).
/// </remarks>
public sealed class ListingHistoryTests
{
    private static readonly string[] Names =
        ["a", "a/1", "a/2", "a/3", "b", "b/1", "c//", "c/x/y", "c/x/z", "d", "d/1", "d/2", "e"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_listing_shows_what_reads_say(int drives) =>
        RunAll(drives, (random, delimiter) => ListingWalk.Request(
            delimiter: delimiter, limit: 1 + random.Next(5)));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_listing_of_versions_shows_what_reads_say(int drives) =>
        RunAll(drives, (random, delimiter) => ListingWalk.Request(
            delimiter: delimiter, limit: 1 + random.Next(5)) with { AllVersions = true });

    private static void RunAll(int drives, Func<SimRandom, string, ListRequest> draw)
    {
        ulong seed = 0;
        QuorumFixture.Run(
            drives,
            async store =>
            {
                SimRandom random = new(++seed * 977);
                ListingHistory history = new(store, random, Names);
                for (int round = 0; round < 6; round++)
                {
                    await history.RunAsync(steps: 30);
                    ListRequest request = draw(random, random.Pick(["", "/"]));
                    if (random.Next(3) == 0)
                    {
                        request = request with { Prefix = "c/"u8.ToArray() };
                    }

                    await CompareAsync(store, random, history, request, $"seed {seed}, round {round}");
                }
            },
            seeds: 8);
    }

    /// <summary>
    /// A write whose coordinator died may take effect between the listing and the reads, so what differs may be compared
    /// again: what a listing does wrong with these drives it does wrong again.
    /// </summary>
    private static async Task CompareAsync(
        QuorumFixture store, SimRandom random, ListingHistory history, ListRequest request, string where)
    {
        int[] all = [.. Enumerable.Range(0, store.Drives.Length)];
        int[] failing = [.. all.OrderBy(_ => random.Next(1000)).Take(store.Engine.Layout.WriteQuorum - 1)];
        for (int attempt = 1; ; attempt++)
        {
            foreach (int drive in failing)
            {
                ListingWalk.Fail(store.Drives[drive], random.Next(4));
            }

            string listed = await ListingWalk.ShowAsync(store, request);
            ListingWalk.Hear(store, all);
            string expected = await history.ExpectAsync(request);
            if (listed == expected)
            {
                return;
            }

            Assert.True(attempt < 4, $"{where}\nread:   {expected}\nlisted: {listed}");
        }
    }
}
