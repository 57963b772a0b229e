using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

// Four drives (write quorum three). Several coordinators write versions of one key and each of them misses some of the
// drives, so that nobody sees all. What was decided on one state must not come to count once another one was seen.
public sealed class VersionsInOrderTests
{
    private static readonly RegisterKey Key = QuorumFixture.Key("a");

    // Regression (cluster seed 105274): a put was refused by two drives, which had promised themselves to a conditional
    // delete, and made certain on the others, which had not seen the delete. Then the delete was made certain, too: above
    // the put, although it had been decided without it, and after others had read what was put.
    [Fact]
    public void A_conditional_write_does_not_come_to_count_above_a_version_that_was_acknowledged_without_it() =>
        QuorumFixture.Run(4, async store =>
        {
            Assert.True((await store.WriteAsync(Key, "one", isVersion: true)).IsOk);
            await store.SettleAsync();
            FaultyDrive[] puts = WrapForHeldPut(store);
            FaultyDrive[] deletes = Wrap(store);
            await using StoreEngine putting = store.Compose(store.Engine.Layout, puts);
            await using StoreEngine deleting = store.Compose(store.Engine.Layout, deletes);
            deletes[1].Miss(("Prepare", 2));
            deletes[2].Miss(("Prepare", 1));
            deletes[3].Miss(("Prepare", 1), ("Prepare", 2));
            Task<ObjectResult<RegisterValue>> put = PutAsync(putting, "two");
            await store.DelayAsync(TimeSpan.FromMilliseconds(10));
            int decisions = 0;
            ObjectResult<RegisterValue?> deleted = await deleting.Quorum.MutateAsync(
                Key,
                null,
                async (state, _) =>
                {
                    decisions++;
                    Array.ForEach(puts, drive => drive.Release());
                    Assert.True((await put).IsOk);
                    return PlainRecords.TextOf(state.Current!.Body) == "one"
                        ? MutationDecision.Accept(new RegisterDraft { Body = PlainRecords.Encode("deleted") })
                        : MutationDecision.Stop(ObjectError.PreconditionFailed);
                },
                default);
            Assert.Equal(ObjectError.PreconditionFailed, deleted.Error);
            Assert.Equal(2, decisions);
            Assert.Equal("two", await store.ReadTextAsync(Key));
        });

    [Fact]
    public void What_a_dead_conditional_writer_left_does_not_come_to_count_above_a_version_that_was_acknowledged_without_it() =>
        QuorumFixture.Run(4, async store =>
        {
            FaultyDrive[] drives = store.DrivesOf(Key);
            FaultyDrive[] puts = WrapForHeldPut(store);
            FaultyDrive[] looks = Wrap(store);
            await using StoreEngine putting = store.Compose(store.Engine.Layout, puts);
            await using StoreEngine looking = store.Compose(store.Engine.Layout, looks);
            looks[1].Miss(("Prepare", 1));
            looks[3].Miss(("Prepare", 1));
            Task<ObjectResult<RegisterValue>> put = PutAsync(putting, "two");
            await store.DelayAsync(TimeSpan.FromMilliseconds(10));
            Ballot decided = store.Engine.Clock.Next();
            _ = await drives[0].Inner.PrepareAsync(Key, decided, null, default);
            _ = await drives[1].Inner.PrepareAsync(Key, decided, null, default);
            Array.ForEach(puts, drive => drive.Release());
            Assert.True((await put).IsOk);
            Assert.True(await AcceptAsync(drives[0], Version(decided, "if absent")));
            await store.DelayAsync(TimeSpan.FromMilliseconds(10));
            Assert.True(await looking.Quorum.Settler.ClearAsync(Key, new VersionId(decided), default));
            Assert.Equal("two", await store.ReadTextAsync(Key));
            Assert.Null(await store.ReadTextAsync(Key, new VersionId(decided)));
        });

    // Regression (cluster seed 103322): the id of a completion is drawn before its write. A version that was put in
    // between, and missed the one drive that took the completion, was taken for older.
    [Fact]
    public void A_version_whose_id_was_drawn_before_is_not_acknowledged_below_a_younger_one() =>
        QuorumFixture.Run(4, async store =>
        {
            FaultyDrive[] puts = Wrap(store);
            FaultyDrive[] completes = Wrap(store);
            await using StoreEngine putting = store.Compose(store.Engine.Layout, puts);
            await using StoreEngine completing = store.Compose(store.Engine.Layout, completes);
            puts[3].Miss(("Accept", 1));
            completes[1].Miss(("Prepare", 2));
            completes[2].Miss(("Prepare", 2));
            VersionId target = new(completing.Clock.Next());
            int decisions = 0;
            ObjectResult<RegisterValue?> completed = await completing.Quorum.MutateAsync(
                Key,
                target,
                async (state, _) =>
                {
                    decisions++;
                    await store.DelayAsync(TimeSpan.FromMilliseconds(10));
                    Assert.True(decisions > 1 || (await PutAsync(putting, "two")).IsOk);
                    return state.Current?.Birth > target.Birth
                        ? MutationDecision.Stop(ObjectError.Conflict)
                        : MutationDecision.Accept(new RegisterDraft { Slot = target, Body = PlainRecords.Encode("one") });
                },
                default);
            Assert.Equal(ObjectError.Conflict, completed.Error);
            Assert.Equal(2, decisions);
            Assert.Equal("two", await store.ReadTextAsync(Key));
            Assert.Null(await store.ReadTextAsync(Key, target));
        });

    // Or a reader that misses the drive with the younger one would take the older one for current until it is.
    [Fact]
    public void What_is_open_above_a_version_is_made_certain_before_it() => QuorumFixture.Run(4, async store =>
    {
        FaultyDrive[] drives = store.DrivesOf(Key);
        FaultyDrive[] looks = WrapMissingPrepares(store, 0, 1);
        await using StoreEngine looking = store.Compose(store.Engine.Layout, looks);
        RegisterEntry older = Version(store.Engine.Clock.Next(), "older");
        RegisterEntry younger = Version(store.Engine.Clock.Next(), "younger");
        Assert.True(await AcceptAsync(drives[2], older));
        Assert.True(await AcceptAsync(drives[3], older));
        Assert.True(await AcceptAsync(drives[2], younger));
        Assert.True(await looking.Quorum.Settler.ClearAsync(Key, older.Slot, default));
        drives[2].IsOffline = true;
        Assert.Equal("younger", await store.ReadTextAsync(Key));
    });

    // Regression (cluster seed 608464): a node that reached its own drive, which had missed a removal, and one more, where
    // the removal lay below a younger version, cleared an older leftover. It took the removed version for open and made it
    // certain.
    [Fact]
    public void A_removal_that_lies_below_a_younger_version_holds_when_an_older_one_is_cleared() =>
        QuorumFixture.Run(4, async store =>
        {
            FaultyDrive[] drives = store.DrivesOf(Key);
            FaultyDrive[] looks = WrapMissingPrepares(store, 1, 2);
            await using StoreEngine looking = store.Compose(store.Engine.Layout, looks);
            RegisterEntry older = Version(store.Engine.Clock.Next(), "older");
            RegisterEntry removed = Version(store.Engine.Clock.Next(), "removed");
            Assert.True(await AcceptAsync(drives[3], older));
            Assert.True(await AcceptAsync(drives[3], removed));
            await CommitAsync(drives[..3], removed, RemovalOf(removed, store.Engine.Clock.Next()));
            await CommitAsync(drives[..3], Version(store.Engine.Clock.Next(), "younger"));
            _ = await looking.Quorum.Settler.ClearAsync(Key, older.Slot, default);
            await store.SettleAsync();
            Assert.Null(await store.ReadTextAsync(Key, removed.Slot));
            Assert.Equal("younger", await store.ReadTextAsync(Key));
        });

    // The same of a read: the first drive missed the removal of the younger version, and shows nothing of the older one.
    [Fact]
    public void A_removal_that_lies_below_a_removed_version_holds_when_the_key_is_read() =>
        QuorumFixture.Run(4, async store =>
        {
            FaultyDrive[] drives = store.DrivesOf(Key);
            FaultyDrive[] looks = WrapMissingPrepares(store, 1, 2);
            await using StoreEngine looking = store.Compose(store.Engine.Layout, looks);
            RegisterEntry removed = Version(store.Engine.Clock.Next(), "removed");
            Assert.True(await AcceptAsync(drives[3], removed));
            await CommitAsync(drives[..3], removed, RemovalOf(removed, store.Engine.Clock.Next()));
            RegisterEntry younger = Version(store.Engine.Clock.Next(), "younger");
            await CommitAsync(drives[..1], younger);
            await CommitAsync(drives[1..], younger, RemovalOf(younger, store.Engine.Clock.Next()));
            _ = await looking.Quorum.Settler.PrepareAsync(Key, null, default);
            await store.SettleAsync();
            Assert.Null(await store.ReadTextAsync(Key));
        });

    // The last drive missed the removal. That nothing younger counts is no reason to doubt the removal of something younger.
    [Fact]
    public void A_removal_is_not_ruled_out_by_an_older_version_that_came_to_count_after_it() =>
        QuorumFixture.Run(4, store =>
        {
            RegisterEntry removed = Version(new Ballot(20, 1), "removed") with { IsCommitted = true };
            RegisterEntry removal = removed with { Ballot = new Ballot(30, 1), IsRemoved = true, IsCommitted = false };
            RegisterEntry older = Version(new Ballot(10, 1), "older") with { Ballot = new Ballot(40, 1), ExcludesYounger = true };
            ReplicaViews views = new(Key, null, store.Engine.PartitionOf(Key), new PlainRecords()) { IsPromised = true };
            views.Add(0, new RegisterView(true, new Ballot(50, 1), [removal, older]));
            views.Add(3, new RegisterView(true, new Ballot(50, 1), [removed]));
            SlotVerdict verdict = views.Judge(removed.Slot);
            Assert.Equal((SlotCertainty.MaybeChosen, removal.Ballot), (verdict.Certainty, verdict.Winner!.Ballot));
            return Task.CompletedTask;
        }, seeds: 1);

    /// <summary>The way of one coordinator to the drives, by position.</summary>
    private static FaultyDrive[] Wrap(QuorumFixture store) =>
        [.. store.DrivesOf(Key).Select(drive => new FaultyDrive(drive.Inner))];

    /// <summary>The way of a put that waits before its accepts, and that the first two drives do not hear of at first.</summary>
    private static FaultyDrive[] WrapForHeldPut(QuorumFixture store)
    {
        FaultyDrive[] puts = Wrap(store);
        puts[0].Miss(("Prepare", 1), ("Accept", 2));
        puts[1].Miss(("Prepare", 1));
        Array.ForEach(puts, drive => drive.Hang("Accept"));
        return puts;
    }

    private static FaultyDrive[] WrapMissingPrepares(QuorumFixture store, params int[] positions)
    {
        FaultyDrive[] drives = Wrap(store);
        foreach (int position in positions)
        {
            drives[position].Refuse = operation => operation == "Prepare" ? DriveFault.Io : DriveFault.None;
        }

        return drives;
    }

    private static RegisterEntry RemovalOf(RegisterEntry version, Ballot ballot) =>
        version with { Ballot = ballot, IsRemoved = true, Body = default };

    private static async Task CommitAsync(FaultyDrive[] drives, params RegisterEntry[] values)
    {
        foreach (FaultyDrive drive in drives)
        {
            foreach (RegisterEntry value in values)
            {
                Assert.True(await AcceptAsync(drive, value));
                await drive.Inner.CommitAsync(new CommitRequest(Key, value.Slot, value.Ballot, []), default);
            }
        }
    }

    private static Task<ObjectResult<RegisterValue>> PutAsync(StoreEngine engine, string text) =>
        engine.Quorum.WriteAsync(Key, new RegisterDraft { Body = PlainRecords.Encode(text) }, default).AsTask();

    private static async Task<bool> AcceptAsync(FaultyDrive drive, RegisterEntry entry) =>
        (await drive.Inner.AcceptAsync(new AcceptRequest(Key, entry), default)).Value.IsAccepted;

    private static RegisterEntry Version(Ballot birth, string text) => new()
    {
        Slot = new VersionId(birth),
        Birth = birth,
        Ballot = birth,
        Body = PlainRecords.Encode(text),
    };
}
