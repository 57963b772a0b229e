using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Objects.Records;
using Cairn.Objects.Scanning;
using Cairn.Primitives.Ids;
using Cairn.UnitTests.Objects.Commit;
using Xunit;

namespace Cairn.UnitTests.Objects.Scanning;

// Coordinators die after one to four of four accepts, in a new version and in the null version. Once they are settled no
// drive holds anything pending, what at least a write quorum held is there, and what one drive held is gone.
public sealed class PendingWatchTests
{
    [Fact]
    public void What_a_crashed_coordinator_left_is_finished_or_cleared_away() => QuorumFixture.Run(4, async store =>
    {
        await PutBucketAsync(store);
        for (int holders = 1; holders <= 4; holders++)
        {
            await OrphanAsync(store, holders, isVersion: true);
            await OrphanAsync(store, holders, isVersion: false);
        }

        await store.DelayAsync(TimeSpan.FromSeconds(5));
        await new PendingWatch(store.Engine).PassAsync(default);
        await store.SettleAsync();
        foreach (bool isVersion in (bool[])[true, false])
        {
            Assert.Null(await store.ReadTextAsync(KeyOf(1, isVersion)));
            Assert.Equal("orphan", await store.ReadTextAsync(KeyOf(3, isVersion)));
            Assert.Equal("orphan", await store.ReadTextAsync(KeyOf(4, isVersion)));
        }

        Assert.Equal(0, await CountPendingAsync(store));
    });

    [Fact]
    public void A_drive_that_missed_an_orphan_is_journaled() => QuorumFixture.Run(4, async store =>
    {
        await PutBucketAsync(store);
        await OrphanAsync(store, 3, isVersion: false);
        FaultyDrive[] drives = store.DrivesOf(KeyOf(3, false));
        drives[3].IsOffline = true;
        await store.DelayAsync(TimeSpan.FromSeconds(5));
        await new PendingWatch(store.Engine).PassAsync(default);
        await store.SettleAsync();
        var missed = await drives[0].ListMissedAsync(drives[3].Id, null, 10, default);
        Assert.Equal(KeyOf(3, false), Assert.Single(missed.Value).Key);
    });

    [Fact]
    public void A_young_pending_value_is_left_to_its_coordinator() => QuorumFixture.Run(4, async store =>
    {
        await PutBucketAsync(store);
        await OrphanAsync(store, 2, isVersion: true);
        await new PendingWatch(store.Engine).PassAsync(default);
        await store.SettleAsync();
        Assert.Equal(2, await CountPendingAsync(store));
    });

    // The clock of the coordinator was hours ahead: by its ballot the value will be young for as long.
    [Fact]
    public void The_age_of_a_pending_value_is_told_by_the_clock_of_its_drive() => QuorumFixture.Run(4, async store =>
    {
        await PutBucketAsync(store);
        store.Engine.Clock.Observe(new Ballot(store.Engine.Clock.Next().Clock + (3_600_000UL << 16), 1));
        await OrphanAsync(store, 3, isVersion: false);
        await store.DelayAsync(TimeSpan.FromSeconds(3));
        await new PendingWatch(store.Engine).PassAsync(default);
        await store.SettleAsync();
        Assert.Equal(0, await CountPendingAsync(store));
    });

    [Fact]
    public void A_value_that_another_node_settles_first_is_left_to_it() => QuorumFixture.Run(4, async store =>
    {
        await PutBucketAsync(store);
        await OrphanAsync(store, 4, isVersion: true);
        FaultyDrive[] drives = store.DrivesOf(KeyOf(4, true));
        foreach (DriveHandle drive in store.Engine.Drives)
        {
            drive.IsOwn = drive.Id == drives[2].Id;
        }

        PendingWatch watch = new(store.Engine);
        await store.DelayAsync(TimeSpan.FromSeconds(2.5));
        await watch.PassAsync(default);
        Assert.Equal(0, drives[2].CallsOf("Prepare"));
        await store.DelayAsync(TimeSpan.FromSeconds(2.5));
        await watch.PassAsync(default);
        await store.SettleAsync();
        Assert.Equal(0, await CountPendingAsync(store));
    });

    // With one drive of two there is no quorum to settle it with.
    [Fact]
    public void What_cannot_be_settled_is_tried_less_and_less_often() => QuorumFixture.Run(2, async store =>
    {
        await PutBucketAsync(store);
        await OrphanAsync(store, 1, isVersion: true);
        FaultyDrive[] drives = store.DrivesOf(KeyOf(1, true));
        drives[1].IsOffline = true;
        PendingWatch watch = new(store.Engine);
        for (int second = 0; second < 120; second++)
        {
            await store.DelayAsync(TimeSpan.FromSeconds(1));
            await watch.PassAsync(default);
        }

        Assert.InRange(drives[0].CallsOf("Prepare"), 3, 8);
        drives[1].IsOffline = false;
        await store.DelayAsync(TimeSpan.FromMinutes(1));
        await watch.PassAsync(default);
        await store.SettleAsync();
        Assert.Equal(0, await CountPendingAsync(store));
    });

    [Fact]
    public void A_drive_finds_what_is_pending_again_after_it_was_opened() => QuorumFixture.Run(1, async store =>
    {
        await OrphanAsync(store, 1, isVersion: true);
        await store.ReopenAsync(0);
        Assert.Empty(store.Drives[0].FindPending(TimeSpan.FromSeconds(2)));
        await store.DelayAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(KeyOf(1, true), Assert.Single(store.Drives[0].FindPending(TimeSpan.FromSeconds(2))).Key);
    });

    private static RegisterKey KeyOf(int holders, bool isVersion) => QuorumFixture.Key($"orphan {holders} {isVersion}");

    private static async Task PutBucketAsync(QuorumFixture store)
    {
        byte[] record = BucketRecordCodec.Encode(new BucketRecord { Id = new BucketId(7), State = BucketState.Live });
        await store.Quorum.WriteAsync(
            RegisterKey.Of(RegisterSpace.Buckets, default, "bucket"u8),
            new RegisterDraft { Slot = VersionId.Null, Body = record },
            default);
        await store.SettleAsync();
    }

    private static async Task OrphanAsync(QuorumFixture store, int holders, bool isVersion)
    {
        Proposal orphan = Proposal.Of(
            KeyOf(holders, isVersion),
            new RegisterDraft { Slot = isVersion ? null : VersionId.Null, Body = PlainRecords.Encode("orphan") },
            store.Engine.Clock.Next());
        for (int position = 0; position < holders; position++)
        {
            await store.DrivesOf(orphan.Key)[position].AcceptAsync(orphan.RequestFor(position), default);
        }
    }

    private static async Task<int> CountPendingAsync(QuorumFixture store)
    {
        ListRequest all = new()
        {
            Space = RegisterSpace.Objects,
            Bucket = new BucketId(7),
            AllVersions = true,
            Limit = 1000,
        };
        int pending = 0;
        foreach (FaultyDrive drive in store.Drives)
        {
            var reply = await drive.ListAsync(all, default);
            pending += reply.Value.Rows.SelectMany(row => row.Entries).Count(entry => !entry.IsCommitted);
        }

        return pending;
    }
}
