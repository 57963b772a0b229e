using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;
using Cairn.Objects.Scanning;
using Cairn.Primitives.Ids;
using Cairn.UnitTests.Objects.Commit;
using Xunit;

namespace Cairn.UnitTests.Objects.Scanning;

// Coordinators die after one to four of four accepts, in a new version and in the null version. After the sweep no
// drive holds anything pending, what at least a write quorum held is there, and what one drive held is gone.
public sealed class PendingSweepTests
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
        Assert.True(await new PendingSweep(store.Engine).TryPassAsync(default));
        await store.SettleAsync();
        foreach (bool isVersion in (bool[])[true, false])
        {
            Assert.Null(await store.ReadTextAsync(KeyOf(1, isVersion)));
            Assert.Equal("orphan", await store.ReadTextAsync(KeyOf(3, isVersion)));
            Assert.Equal("orphan", await store.ReadTextAsync(KeyOf(4, isVersion)));
        }

        await CheckNothingPendingAsync(store);
    });

    [Fact]
    public void A_drive_that_missed_an_orphan_is_journaled() => QuorumFixture.Run(4, async store =>
    {
        await PutBucketAsync(store);
        await OrphanAsync(store, 3, isVersion: false);
        FaultyDrive[] drives = store.DrivesOf(KeyOf(3, false));
        drives[3].IsOffline = true;
        await store.DelayAsync(TimeSpan.FromSeconds(5));
        Assert.True(await new PendingSweep(store.Engine).TryPassAsync(default));
        await store.SettleAsync();
        var missed = await drives[0].ListMissedAsync(drives[3].Id, null, 10, default);
        Assert.Equal(KeyOf(3, false), Assert.Single(missed.Value).Key);
    });

    [Fact]
    public void A_young_pending_value_is_left_to_its_coordinator() => QuorumFixture.Run(4, async store =>
    {
        await PutBucketAsync(store);
        await OrphanAsync(store, 2, isVersion: true);
        Assert.False(await new PendingSweep(store.Engine).TryPassAsync(default));
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

    private static async Task CheckNothingPendingAsync(QuorumFixture store)
    {
        ListRequest all = new()
        {
            Space = RegisterSpace.Objects,
            Bucket = new BucketId(7),
            AllVersions = true,
            Limit = 1000,
        };
        foreach (FaultyDrive drive in store.Drives)
        {
            var reply = await drive.ListAsync(all, default);
            Assert.All(reply.Value.Rows.SelectMany(row => row.Entries), entry => Assert.True(entry.IsCommitted));
        }
    }
}
