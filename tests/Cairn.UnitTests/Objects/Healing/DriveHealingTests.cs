using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Healing;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Objects.Records;
using Cairn.Primitives.Ids;
using Cairn.UnitTests.Objects.Commit;
using Cairn.UnitTests.Objects.Data;
using Xunit;

namespace Cairn.UnitTests.Objects.Healing;

/// <summary>
/// Drives are taken away while values are written and removed, and come back or are replaced; then what the drive itself
/// holds is looked at, not what the quorum makes of it.
/// </summary>
public sealed class DriveHealingTests
{
    private static readonly DriveId Predecessor = QuorumFixture.IdOf(90);

    [Fact]
    public void Returned_drive_gets_what_it_missed_and_removals_are_not_undone() => QuorumFixture.Run(4, async store =>
    {
        Healer healer = new(store.Engine, new HealPace());
        RegisterKey kept = QuorumFixture.Key("kept");
        RegisterKey gone = QuorumFixture.Key("gone");
        await store.WriteAsync(gone, "old");
        await store.SettleAsync();
        FaultyDrive away = store.Drives[1];
        away.IsOffline = true;
        await store.WriteAsync(kept, "new");
        await RemoveAsync(store, gone);
        await store.SettleAsync();

        away.IsOffline = false;
        healer.OnDriveChanged();
        await store.DelayAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(["new"], await TextsOnAsync(away, kept));
        Assert.Empty(await TextsOnAsync(away, gone));
        Assert.Empty(await JournalOfAsync(store, away));
        Assert.True(healer.GetStatus().IsWhole);
    });

    // Regression: the minute was counted from the beginning of the run, which may go on for long, since what another drive
    // holds for this one cannot be read.
    [Fact]
    public void A_drive_that_was_emptied_during_a_run_rests_for_its_own_minute() => QuorumFixture.Run(4, async store =>
    {
        Healer healer = new(store.Engine, new HealPace());
        DriveHandle target = store.Engine.Drives.Single(drive => drive.Id == store.Drives[0].Id);
        await store.WriteAsync(QuorumFixture.Key("a"), "one");
        store.Drives[1].Refuse = asked => asked == "ListMissed" ? DriveFault.Io : DriveFault.None;
        healer.OnDriveChanged();
        await store.DelayAsync(TimeSpan.FromSeconds(110));
        store.Drives[1].Refuse = null;
        await store.ReplaceAsync(0);
        healer.OnDriveChanged();
        await store.DelayAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(DriveState.Recovering, target.State);
        Assert.False(target.IsAcceptor);
        await store.DelayAsync(TimeSpan.FromSeconds(150));
        Assert.Equal(DriveState.Online, target.State);
    });

    [Theory]
    [InlineData(5_000)]
    [InlineData(3_000_000)]
    public void Returned_drive_gets_its_own_shards(int size) => QuorumFixture.Run(4, async store =>
    {
        Healer healer = new(store.Engine, new HealPace());
        RegisterKey key = QuorumFixture.Key("data");
        FaultyDrive away = store.Drives[2];
        away.IsOffline = true;
        DataId data = await PutAsync(store, key, size);
        await store.SettleAsync();
        away.IsOffline = false;
        healer.OnDriveChanged();
        await store.DelayAsync(TimeSpan.FromSeconds(10));

        Assert.True((await RegisterHealer.ReadBackAsync(ReplicaOf(store, away), data)).Value > 0);
        Assert.Equal(1, healer.GetStatus().Drives[2].Objects);
    });

    [Fact]
    public void Replaced_drive_votes_only_after_it_was_rebuilt() => QuorumFixture.Run(4, async store =>
    {
        RegisterKey[] keys = await PutAndReplaceAsync(store, 40, 2_000);
        FaultyDrive replaced = store.Drives[0];
        Healer healer = new(store.Engine, new HealPace());
        healer.OnDriveChanged();
        await store.DelayAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(DriveState.Recovering, replaced.State);
        await store.DelayAsync(TimeSpan.FromSeconds(120));

        Assert.Equal(DriveState.Online, replaced.State);
        foreach (RegisterKey key in keys)
        {
            RegisterEntry entry = Assert.Single((await ViewOnAsync(replaced, key)).Entries);
            Assert.True(entry.IsCommitted);
            Assert.True((await RegisterHealer.ReadBackAsync(ReplicaOf(store, replaced), entry.Data[0])).Value > 0);
        }

        Assert.True(healer.GetStatus().IsWhole);
    });

    // Between values as well: those without data bring no pieces to rest after.
    [Theory]
    [InlineData(2_000)]
    [InlineData(0)]
    public void Rebuild_leaves_clients_their_share_and_takes_all_when_there_are_none(int size) =>
        Assert.InRange(SlowdownBesideClients(store => RebuildAsync(store, size)), 7, 13);

    // Regression: it rested after eight objects only, and large ones took clients three quarters of their rate for seconds.
    [Fact]
    public void Rebuild_rests_amid_a_large_object() => Assert.InRange(SlowdownBesideClients(RestoreLargeAsync), 6, 13);

    // Regression: a node that had not heard yet of a replaced drive noted what the new one missed under the name of the old
    // one, where nobody looked any more.
    [Fact]
    public void Successor_gets_what_was_noted_for_its_predecessor() => QuorumFixture.Run(
        4,
        async store =>
        {
            Healer healer = new(store.Engine, new HealPace());
            RegisterKey key = QuorumFixture.Key("kept");
            FaultyDrive successor = store.Drives[1];
            successor.IsOffline = true;
            RegisterValue written = (await store.WriteAsync(key, "new")).Value!;
            await store.SettleAsync();
            successor.IsOffline = false;
            List<MissedWrite> lines = await JournalOfAsync(store, successor);
            foreach (FaultyDrive drive in store.Drives.Where(drive => drive != successor))
            {
                await drive.ClearMissedAsync(lines, default);
                await drive.CommitAsync(new CommitRequest(key, written.Slot, written.Ballot, [Predecessor]), default);
            }

            healer.OnDriveChanged();
            await store.DelayAsync(TimeSpan.FromSeconds(10));

            Assert.Equal(["new"], await TextsOnAsync(successor, key));
            Assert.Empty(await JournalOfAsync(store, Predecessor));
        },
        relayout: layout => new StoreLayout(
            layout.Epoch, layout.Drives, layout.Width, layout.StandardParity, layout.ReducedParity, layout.Table.ToArray())
        {
            Former = [new FormerDrive(Predecessor, layout.Drives.ToList().FindIndex(drive => drive.Id == QuorumFixture.IdOf(1)))],
        });

    [Fact]
    public void Damaged_shard_is_replaced_where_it_lies() => QuorumFixture.Run(4, async store =>
    {
        Healer healer = new(store.Engine, new HealPace());
        RegisterKey key = QuorumFixture.Key("data");
        DataId data = await PutAsync(store, key, 2_000_000);
        await store.SettleAsync();
        FaultyDrive damaged = store.Drives[3];
        store.LoseFile(3, data);

        store.Engine.Repairs.Add(new RepairTicket(key, VersionId.Null));
        await store.DelayAsync(TimeSpan.FromSeconds(5));

        Assert.True((await RegisterHealer.ReadBackAsync(ReplicaOf(store, damaged), data)).Value > 0);
        Assert.Equal(1, healer.GetStatus().Repaired);
    });

    /// <summary>
    /// The next pass finds the value on the drive: that it is there does not say that it was read back, and the line of
    /// the journal is all that still tells of it.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Shard_that_is_lost_before_it_was_read_back_is_brought_again(int losses) => QuorumFixture.Run(4, async store =>
    {
        Healer healer = new(store.Engine, new HealPace());
        RegisterKey key = QuorumFixture.Key("data");
        FaultyDrive away = store.Drives[2];
        away.IsOffline = true;
        DataId data = await PutAsync(store, key, 3_000_000);
        await store.SettleAsync();
        away.IsOffline = false;
        int left = losses;
        away.LoseAnswer = operation =>
        {
            if (operation == "Seal" && left-- > 0)
            {
                _ = LoseLaterAsync();
            }

            return false;
        };
        healer.OnDriveChanged();
        await store.DelayAsync(TimeSpan.FromMinutes(5));

        Assert.True(left < 0);
        Assert.True((await RegisterHealer.ReadBackAsync(ReplicaOf(store, away), data)).Value > 0);
        Assert.Equal(1, healer.GetStatus().Drives[2].Objects);

        async Task LoseLaterAsync()
        {
            int accepts = away.CallsOf("Accept");
            while (away.CallsOf("Accept") == accepts)
            {
                await store.DelayAsync(TimeSpan.FromMicroseconds(50));
            }

            store.LoseFile(2, data);
        }
    });

    /// <returns>How many times longer something takes while clients are served.</returns>
    private static double SlowdownBesideClients(Func<QuorumFixture, Task<TimeSpan>> measure)
    {
        TimeSpan alone = TimeSpan.Zero;
        TimeSpan beside = TimeSpan.Zero;
        QuorumFixture.Run(4, async store => alone = await measure(store), seeds: 1);
        QuorumFixture.Run(
            4,
            async store =>
            {
                using ClientTime.Use client = store.Engine.Clients.Enter();
                beside = await measure(store);
            },
            seeds: 1);
        return beside / alone;
    }

    /// <summary>How long it takes until the last of many values is on a replaced drive.</summary>
    private static async Task<TimeSpan> RebuildAsync(QuorumFixture store, int size)
    {
        RegisterKey[] keys = await PutAndReplaceAsync(store, 1_000, size);
        Healer healer = new(store.Engine, new HealPace());
        long began = store.Engine.Environment.Time.GetTimestamp();
        healer.OnDriveChanged();
        while (healer.GetStatus().Drives[0].Objects < keys.Length)
        {
            await store.DelayAsync(TimeSpan.FromMilliseconds(1));
        }

        return store.Engine.Environment.Time.GetElapsedTime(began);
    }

    /// <returns>From the first bytes that the new drive gets of a shard to the last ones.</returns>
    private static async Task<TimeSpan> RestoreLargeAsync(QuorumFixture store)
    {
        await MakeBucketAsync(store);
        await PutAsync(store, QuorumFixture.Key("large"), 64 << 20);
        await store.SettleAsync();
        await store.ReplaceAsync(0);
        List<long> writes = [];
        store.Drives[0].Refuse = operation =>
        {
            if (operation == "Write")
            {
                writes.Add(store.Engine.Environment.Time.GetTimestamp());
            }

            return DriveFault.None;
        };
        Healer healer = new(store.Engine, new HealPace());
        healer.OnDriveChanged();
        while (healer.GetStatus().Drives[0].Bytes < 32 << 20)
        {
            await store.DelayAsync(TimeSpan.FromMilliseconds(1));
        }

        return store.Engine.Environment.Time.GetElapsedTime(writes[0], writes[^1]);
    }

    /// <summary>Puts so many values, and replaces the first drive by an empty one.</summary>
    private static async Task<RegisterKey[]> PutAndReplaceAsync(QuorumFixture store, int count, int size)
    {
        RegisterKey[] keys = [.. Enumerable.Range(0, count).Select(i => QuorumFixture.Key("key" + i))];
        await MakeBucketAsync(store);
        foreach (RegisterKey key in keys)
        {
            if (size > 0)
            {
                await PutAsync(store, key, size);
            }
            else
            {
                Assert.True((await store.WriteAsync(key, "value")).IsOk);
            }
        }

        await store.SettleAsync();
        await store.ReplaceAsync(0);
        return keys;
    }

    private static async Task<DataId> PutAsync(QuorumFixture store, RegisterKey key, int size)
    {
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        using MemoryBody body = new(content);
        ObjectResult<StagedData> staged = await store.Engine.Data.StageAsync(
            key, StorageClasses.Standard, body, default);
        Assert.True(staged.IsOk);
        ObjectResult<RegisterValue> written = await store.Quorum.WriteAsync(
            key,
            new RegisterDraft
            {
                Slot = VersionId.Null,
                Body = PlainRecords.Encode("value", staged.Value.Piece),
                Staged = staged.Value,
            },
            default);
        Assert.True(written.IsOk);
        return staged.Value.Piece.Id;
    }

    private static async Task RemoveAsync(QuorumFixture store, RegisterKey key)
    {
        ObjectResult<RegisterValue?> removed = await store.Quorum.MutateAsync(
            key,
            VersionId.Null,
            _ => MutationDecision.Accept(new RegisterDraft { Slot = VersionId.Null, IsRemoval = true }),
            default);
        Assert.Equal(ObjectError.None, removed.Error);
    }

    private static async Task MakeBucketAsync(QuorumFixture store)
    {
        BucketRecord record = new() { Id = new BucketId(7), State = BucketState.Live };
        ObjectResult<RegisterValue> written = await store.Quorum.WriteAsync(
            RegisterKey.Of(RegisterSpace.Buckets, default, "bucket"u8),
            new RegisterDraft { Slot = VersionId.Null, Body = BucketRecordCodec.Encode(record) },
            default);
        Assert.True(written.IsOk);
    }

    private static Cairn.Objects.Quorum.DriveReplica ReplicaOf(QuorumFixture store, FaultyDrive drive) =>
        new(store.Engine.HandleOf(drive.Id), 0);

    private static async Task<RegisterView> ViewOnAsync(FaultyDrive drive, RegisterKey key)
    {
        DriveResult<RegisterView> view = await drive.Inner.ReadAsync(key, VersionId.Null, withInline: false, default);
        Assert.True(view.IsOk);
        return view.Value;
    }

    private static async Task<string[]> TextsOnAsync(FaultyDrive drive, RegisterKey key) =>
    [
        .. (await ViewOnAsync(drive, key)).Entries
            .Where(entry => entry is { IsCommitted: true, IsRemoved: false })
            .Select(entry => PlainRecords.TextOf(entry.Body)),
    ];

    private static Task<List<MissedWrite>> JournalOfAsync(QuorumFixture store, FaultyDrive missing) =>
        JournalOfAsync(store, missing.Id);

    private static async Task<List<MissedWrite>> JournalOfAsync(QuorumFixture store, DriveId missing)
    {
        List<MissedWrite> lines = [];
        foreach (FaultyDrive drive in store.Drives)
        {
            lines.AddRange((await drive.ListMissedAsync(missing, null, 100, default)).Value);
        }

        return lines;
    }
}
