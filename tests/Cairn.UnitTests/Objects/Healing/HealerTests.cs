using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Healing;
using Cairn.Primitives.Ids;
using Cairn.UnitTests.Objects.Commit;
using Cairn.UnitTests.Objects.Data;
using Xunit;

namespace Cairn.UnitTests.Objects.Healing;

// Drives are taken away, replaced by empty ones, or made to return damaged shards; then the healer runs until it says
// that all is whole. That is checked on the drives themselves: same entries everywhere, all committed, every shard
// readable, journals empty, and every object readable from the healed drive and one other.
public sealed class HealerTests
{
    private const string Bucket = "bucket";

    [Fact]
    public void A_returned_drive_gets_what_it_missed() => QuorumFixture.Run(4, async store =>
    {
        await PutAllAsync(store, "before");
        await store.SettleAsync();
        store.Drives[2].IsOffline = true;
        Dictionary<string, byte[]> expected = await PutAllAsync(store, "while away");
        await RemoveAsync(store, "gone");
        await store.WriteAsync(QuorumFixture.Key("versions"), "two", isVersion: true);
        await store.SettleAsync();
        store.Drives[2].IsOffline = false;
        store.Engine.Healer.Start();
        await UntilWholeAsync(store);
        await CheckAsync(store, expected);
        foreach (FaultyDrive drive in store.Drives)
        {
            Assert.Empty((await drive.ReadAsync(QuorumFixture.Key("gone"), null, false, default)).Value.Entries);
        }
    }, seeds: 3);

    [Fact]
    public void A_drive_that_returns_while_the_healer_waits_is_noticed() => QuorumFixture.Run(4, async store =>
    {
        store.Engine.Healer.Start();
        await PutAllAsync(store, "before");
        await store.SettleAsync();
        store.Drives[1].IsOffline = true;
        Dictionary<string, byte[]> expected = await PutAllAsync(store, "while away");
        await store.SettleAsync();
        Assert.Equal(HealingPhase.Waiting, StatusOf(store, 1).Phase);
        store.Drives[1].IsOffline = false;
        await UntilWholeAsync(store);
        await CheckAsync(store, expected);
    }, seeds: 3);

    [Fact]
    public void A_replaced_drive_is_rebuilt_and_votes_only_then() => QuorumFixture.Run(4, async store =>
    {
        Dictionary<string, byte[]> expected = await PutAllAsync(store, "first");
        await store.WriteAsync(QuorumFixture.Key("versions"), "two", isVersion: true);
        await store.SettleAsync();
        await store.ReplaceAsync(1);
        store.Engine.Healer.Start();
        await store.DelayAsync(TimeSpan.FromSeconds(50));
        Assert.Equal(DriveState.Recovering, store.Drives[1].State);
        expected["during"] = DataStoreTests.Content(300_000);
        await DataStoreTests.PutAsync(store, QuorumFixture.Key("during"), expected["during"]);
        await UntilWholeAsync(store);
        Assert.Equal(DriveState.Online, store.Drives[1].State);
        Assert.True(StatusOf(store, 1).Bytes > 500_000);
        await CheckAsync(store, expected);
    }, seeds: 3);

    [Fact]
    public void A_drive_is_not_rebuilt_past_what_cannot_be_known() => QuorumFixture.Run(4, async store =>
    {
        await PutAllAsync(store, "first");
        await store.SettleAsync();
        await store.ReplaceAsync(1);
        store.Drives[2].IsOffline = store.Drives[3].IsOffline = true;
        store.Engine.Healer.Start();
        await store.DelayAsync(TimeSpan.FromSeconds(200));
        Assert.Equal(DriveState.Recovering, store.Drives[1].State);
        store.Drives[2].IsOffline = store.Drives[3].IsOffline = false;
        await UntilWholeAsync(store);
        Assert.Equal(DriveState.Online, store.Drives[1].State);
    }, seeds: 3);

    [Theory]
    [InlineData(3_000, "RestoreInline")]
    [InlineData(700_001, "DropShard")]
    public void A_shard_that_a_read_found_damaged_is_replaced(int size, string remedy) => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        Dictionary<string, byte[]> expected = new() { ["a"] = DataStoreTests.Content(size) };
        await DataStoreTests.PutAsync(store, key, expected["a"]);
        await store.SettleAsync();
        store.Engine.Healer.Start();
        FaultyDrive damaged = store.DrivesOf(key)[0];
        damaged.Refuse = operation =>
            operation is "ReadShard" && damaged.CallsOf(remedy) == 0 ? DriveFault.Corrupt : DriveFault.None;
        Assert.Equal(expected["a"], await DataStoreTests.GetAsync(store, key, 0, size, withInline: false));
        await store.SettleAsync();
        await UntilWholeAsync(store);
        Assert.Equal(1, damaged.CallsOf(remedy));
        Assert.Equal(1, store.Engine.Healer.GetStatus().Repaired);
        await CheckAsync(store, expected);
    }, seeds: 3);

    [Fact]
    public void What_a_crashed_coordinator_left_is_finished_or_cleared_away() => QuorumFixture.Run(4, async store =>
    {
        Dictionary<string, byte[]> expected = await PutAllAsync(store, "first");
        for (int holders = 1; holders <= 4; holders++)
        {
            foreach (bool isVersion in (bool[])[true, false])
            {
                Proposal orphan = Proposal.Of(
                    QuorumFixture.Key($"orphan{holders}{isVersion}"),
                    new RegisterDraft { Slot = isVersion ? null : VersionId.Null, Body = PlainRecords.Encode("orphan") },
                    store.Engine.Clock.Next());
                for (int position = 0; position < holders; position++)
                {
                    await store.DrivesOf(orphan.Key)[position].AcceptAsync(orphan.RequestFor(position), default);
                }
            }
        }

        await store.DelayAsync(TimeSpan.FromSeconds(5));
        store.Engine.Healer.Start();
        store.Engine.Healer.RequestSweep();
        await store.DelayAsync(TimeSpan.FromSeconds(20));
        await UntilWholeAsync(store);
        await CheckAsync(store, expected);
        foreach (bool isVersion in (bool[])[true, false])
        {
            Assert.Null(await store.ReadTextAsync(QuorumFixture.Key("orphan1" + isVersion)));
            Assert.Equal("orphan", await store.ReadTextAsync(QuorumFixture.Key("orphan3" + isVersion)));
            Assert.Equal("orphan", await store.ReadTextAsync(QuorumFixture.Key("orphan4" + isVersion)));
        }
    }, seeds: 3);

    [Fact]
    public void An_idle_store_stays_idle() => QuorumFixture.Run(4, async store =>
    {
        await PutAllAsync(store, "first");
        store.Engine.Healer.Start();
        await store.DelayAsync(TimeSpan.FromSeconds(30));
        int calls = store.Drives.Sum(drive => drive.Log.Count);
        await store.DelayAsync(TimeSpan.FromHours(2));
        Assert.Equal(calls, store.Drives.Sum(drive => drive.Log.Count));
    });

    private static DriveHealing StatusOf(QuorumFixture store, int drive) => store.Engine.Healer.GetStatus().Drives[drive];

    private static async Task<Dictionary<string, byte[]>> PutAllAsync(QuorumFixture store, string text)
    {
        var bucket = RegisterKey.Of(RegisterSpace.Buckets, default, System.Text.Encoding.UTF8.GetBytes(Bucket));
        Assert.True((await store.WriteAsync(bucket, "7")).IsOk);
        Dictionary<string, byte[]> contents = [];
        for (int index = 0; index < 12; index++)
        {
            string name = $"key{index}";
            contents[name] = DataStoreTests.Content((index * 30_001) + text.Length);
            await DataStoreTests.PutAsync(store, QuorumFixture.Key(name), contents[name]);
        }

        await store.WriteAsync(QuorumFixture.Key("gone"), text);
        await store.WriteAsync(QuorumFixture.Key("versions"), text, isVersion: true);
        return contents;
    }

    private static async Task RemoveAsync(QuorumFixture store, string name) => await store.Quorum.WriteAsync(
        QuorumFixture.Key(name), new RegisterDraft { Slot = VersionId.Null, IsRemoval = true }, default);

    private static async Task UntilWholeAsync(QuorumFixture store)
    {
        for (int second = 0; second < 300; second++)
        {
            await store.DelayAsync(TimeSpan.FromSeconds(1));
            HealingStatus status = store.Engine.Healer.GetStatus();
            if (status.Queued == 0 && status.Drives.All(drive => drive.Phase == HealingPhase.Whole))
            {
                await store.SettleAsync();
                return;
            }
        }

        Assert.Fail("Not whole after 300 seconds: " + string.Join(
            ", ", store.Engine.Healer.GetStatus().Drives.Select(drive => $"{drive.Phase} {drive.Failed}")));
    }

    private static async Task CheckAsync(QuorumFixture store, Dictionary<string, byte[]> expected)
    {
        await CheckEntriesAsync(store);
        foreach ((string name, byte[] content) in expected)
        {
            var key = QuorumFixture.Key(name);
            for (int away = 0; away < 4; away++)
            {
                store.Drives[away].IsOffline = store.Drives[(away + 1) % 4].IsOffline = true;
                Assert.Equal(content, await DataStoreTests.GetAsync(store, key, 0, content.Length));
                store.Drives[away].IsOffline = store.Drives[(away + 1) % 4].IsOffline = false;
            }
        }
    }

    private static async Task CheckEntriesAsync(QuorumFixture store)
    {
        ListRequest all = new()
        {
            Space = RegisterSpace.Objects,
            Bucket = new BucketId(7),
            AllVersions = true,
            Limit = 1000,
        };
        List<string> described = [];
        foreach (FaultyDrive drive in store.Drives)
        {
            var reply = await drive.ListAsync(all, default);
            Assert.True(reply.Value.IsVoting);
            described.Add(string.Join("\n", reply.Value.Rows.SelectMany(row => row.Entries.Select(entry =>
                $"{System.Text.Encoding.UTF8.GetString(row.Name.Span)} {entry.Slot} {entry.Ballot} {(entry.IsCommitted ? "committed" : "pending")}"))));
            Assert.DoesNotContain("pending", described[^1]);
            foreach (FaultyDrive other in store.Drives)
            {
                Assert.Empty((await drive.ListMissedAsync(other.Id, null, 10, default)).Value);
            }
        }

        Assert.All(described, text => Assert.Equal(described[0], text));
    }
}
