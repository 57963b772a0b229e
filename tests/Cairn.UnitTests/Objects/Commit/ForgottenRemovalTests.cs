using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

/// <summary>Drives that have forgotten a removal still tell that there was one, to its writer and to readers.</summary>
public sealed class ForgottenRemovalTests
{
    private static readonly RegisterDraft Removal = new() { Slot = VersionId.Null, IsRemoval = true };

    // Regression: drives that forgot a conditional delete told of what lay before it alone. One drive takes the delete, one
    // refuses it; a reader makes it certain, and it is forgotten. Its writer took it for dead, and was told that there was
    // nothing to delete; or, without a condition, took what had been written since with a second one.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_delete_that_was_made_certain_by_a_reader_does_not_take_effect_twice(bool isConditional) => QuorumFixture.Run(
        4,
        async store =>
        {
            RegisterKey key = QuorumFixture.Key("a");
            FaultyDrive[] way = [.. store.Drives.Select(drive => new FaultyDrive(drive.Inner))];
            await using StoreEngine far = store.Compose(store.Engine.Layout, way);
            Assert.True((await store.WriteAsync(key, "one")).IsOk);
            await store.SettleAsync();
            Array.ForEach(way[2..], drive => drive.Miss(("Accept", 1)));
            Task<ObjectResult<RegisterValue?>> deletion = DeleteOutbidAsync(store, far, way, key, isConditional);
            await store.SettleAsync();
            Array.ForEach(store.Drives[2..], drive => drive.Miss(("Read", 1), ("Prepare", 1)));
            Assert.Null(await store.ReadTextAsync(key));
            await store.SettleAsync();
            await DemandForgottenAsync(store, key);

            // Somebody writes as soon as the writer of the delete has cleared the key for a second one, or after it is answered.
            Task? put = null;
            foreach (FaultyDrive drive in way)
            {
                drive.Travel = () => drive.Log[^1] == "Prepare" && drive.CallsOf("Accept") >= 2
                    ? put ??= PutAsync(store, key)
                    : Task.CompletedTask;
                drive.Release();
            }

            ObjectResult<RegisterValue?> result = await deletion;
            await (put ?? PutAsync(store, key));
            Assert.Equal("second", await store.ReadTextAsync(key));
            Assert.True(result.IsOk || result.Error == ObjectError.OutcomeUnknown, "told " + result.Error);
        });

    // Regression: as above. One of three drives has begun to accept the value again when a conditional delete is chosen
    // without it, answered, and forgotten; so that what it still shows lies above what the others told of.
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void What_was_removed_before_a_question_is_not_in_its_answer(bool isConditional, bool isListing) => QuorumFixture.Run(
        3,
        async store =>
        {
            RegisterKey key = QuorumFixture.Key("a");
            await using StoreEngine other = store.Compose(store.Engine.Layout, store.Engine.Options);
            FaultyDrive[] drives = store.DrivesOf(key);
            string question = isListing ? "List" : "Read";
            Assert.True((await store.WriteAsync(key, "one")).IsOk);
            await store.SettleAsync();
            await AcceptAgainAsync(drives, key, other.Clock.Next());
            drives[0].Miss(("Prepare", 1));
            drives[0].Hang("Accept");
            Assert.True(await DeleteAsync(other, key, isConditional));
            drives[1].Hang(question);
            drives[2].Refuse = asked => asked == question ? DriveFault.Io : DriveFault.None;
            Task<string?> answer = isListing ? ListAsync(store, key) : store.ReadTextAsync(key);
            await store.DelayAsync(TimeSpan.FromMilliseconds(20));
            drives[0].Release();
            await store.SettleAsync();
            await ForgetAsync(drives, key);

            // A conditional writer begins: it has asked for a promise, and written nothing yet.
            Assert.True((await drives[1].Inner.PrepareAsync(key, other.Clock.Next(), null, default)).Value.IsPromised);
            drives[1].Release();
            Assert.Null(await answer);
        });

    private static Task<ObjectResult<RegisterValue?>> DeleteOutbidAsync(
        QuorumFixture store, StoreEngine far, FaultyDrive[] way, RegisterKey key, bool isConditional)
    {
        int decisions = 0;
        return far.Quorum.MutateAsync(
            key,
            VersionId.Null,
            async (state, _) =>
            {
                if (++decisions == 1)
                {
                    Ballot ahead = new(store.Engine.Clock.Next().Clock + (100UL << 16), 1);
                    Assert.True((await way[1].Inner.PrepareAsync(key, ahead, null, default)).Value.IsPromised);
                    Array.ForEach(way, drive => drive.Hang("Prepare"));
                }

                return state.Slot is not null ? MutationDecision.Accept(Removal)
                    : isConditional ? MutationDecision.Stop(ObjectError.PreconditionFailed)
                    : MutationDecision.Nothing;
            },
            default).AsTask();
    }

    // Somebody has the promises of drives 0 and 2, and comes to drive 0 alone.
    private static async Task AcceptAgainAsync(FaultyDrive[] drives, RegisterKey key, Ballot ballot)
    {
        PrepareReply promise = (await drives[0].Inner.PrepareAsync(key, ballot, null, default)).Value;
        RegisterEntry again = Assert.Single(promise.View!.Entries) with { Ballot = ballot, IsCommitted = false };
        Assert.True((await drives[2].Inner.PrepareAsync(key, ballot, null, default)).Value.IsPromised);
        Assert.True((await drives[0].Inner.AcceptAsync(new AcceptRequest(key, again), default)).Value.IsAccepted);
    }

    private static async Task<bool> DeleteAsync(StoreEngine node, RegisterKey key, bool isConditional) => isConditional
        ? (await node.Quorum.MutateAsync(key, VersionId.Null, _ => MutationDecision.Accept(Removal), default)).IsOk
        : (await node.Quorum.WriteAsync(key, Removal, default)).IsOk;

    private static async Task ForgetAsync(FaultyDrive[] drives, RegisterKey key)
    {
        foreach (FaultyDrive drive in drives)
        {
            foreach (RegisterEntry held in (await drive.Inner.ReadAsync(key, null, false, default)).Value.Entries)
            {
                Assert.True(held is { IsRemoved: true, IsCommitted: true });
                Assert.Equal(DriveFault.None, await drive.Inner.ForgetAsync(key, VersionId.Null, held.Ballot, default));
            }
        }
    }

    private static async Task DemandForgottenAsync(QuorumFixture store, RegisterKey key)
    {
        foreach (FaultyDrive drive in store.Drives)
        {
            Assert.Empty((await drive.Inner.ReadAsync(key, null, false, default)).Value.Entries);
        }
    }

    private static async Task PutAsync(QuorumFixture store, RegisterKey key) =>
        Assert.True((await store.WriteAsync(key, "second")).IsOk);

    private static async Task<string?> ListAsync(QuorumFixture store, RegisterKey key)
    {
        ListRequest request = new() { Space = key.Space, Bucket = key.Bucket, Prefix = key.Name, Limit = 10 };
        ObjectResult<RegisterPage> page = await store.Quorum.ListAsync(request, default);
        return !page.IsOk ? "!" + page.Error
            : page.Value.Rows.Count == 0 ? null
            : PlainRecords.TextOf(page.Value.Rows[0].Values[0].Body);
    }
}
