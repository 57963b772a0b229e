using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

/// <summary>Drives promise at different times; between two of them a removal is committed and forgotten.</summary>
public sealed class PromiseAcrossForgettingTests
{
    private static readonly RegisterDraft Removal = new() { Slot = VersionId.Null, IsRemoval = true };

    // Regression: drive 0 promised while the delete waited for its commit there. Then the commit came, all forgot, and the
    // others promised. The delete was held to be a leftover, and what it had removed to count.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_removed_before_is_not_decided_on(bool isConditional) => QuorumFixture.Run(3, async store =>
    {
        RegisterKey key = QuorumFixture.Key("a");
        FaultyDrive[] way = WayTo(store, key);
        await using StoreEngine far = store.Compose(store.Engine.Layout, way);
        Assert.True((await store.WriteAsync(key, "one")).IsOk);
        await store.SettleAsync();
        FaultyDrive slow = store.DrivesOf(key)[0];
        slow.Hang("Commit");
        Assert.True(isConditional
            ? (await store.Quorum.MutateAsync(key, VersionId.Null, _ => MutationDecision.Accept(Removal), default)).IsOk
            : (await store.Quorum.WriteAsync(key, Removal, default)).IsOk);
        await store.DelayAsync(TimeSpan.FromMilliseconds(50));
        far.Clock.Observe(store.Engine.Clock.Next());
        Array.ForEach(way[1..], drive => drive.Hang("Prepare"));
        string? seen = "?";
        Task<ObjectResult<RegisterValue?>> mutation = far.Quorum.MutateAsync(
            key,
            VersionId.Null,
            state =>
            {
                seen = state.Current is null ? null : PlainRecords.TextOf(state.Current.Body);
                return MutationDecision.Stop(ObjectError.PreconditionFailed);
            },
            default).AsTask();
        await store.DelayAsync(TimeSpan.FromMilliseconds(50));
        slow.Release();
        await store.DelayAsync(TimeSpan.FromMilliseconds(200));
        await DemandForgottenAsync(store, key);
        Array.ForEach(way, drive => drive.Release());
        Assert.Equal(ObjectError.PreconditionFailed, (await mutation).Error);
        Assert.Null(seen);
        await store.SettleAsync();
        Assert.Null(await store.ReadTextAsync(key));
    });

    // Regression: as above, for the writer of a put whose answers were lost: it has been read and removed meanwhile. What it
    // had superseded was brought back, or its writer was told that it was surely not written.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_put_that_was_read_and_removed_is_not_taken_for_dead(bool areAllHeard) => QuorumFixture.Run(4, async store =>
    {
        RegisterKey key = QuorumFixture.Key("a");
        FaultyDrive[] drives = store.DrivesOf(key);
        FaultyDrive[] way = WayTo(store, key);
        await using StoreEngine far = store.Compose(store.Engine.Layout, way);
        Assert.True((await store.WriteAsync(key, "one")).IsOk);
        await store.SettleAsync();
        far.Clock.Observe(store.Engine.Clock.Next());
        way[0].Miss(("Accept", 1));
        TaskCompletionSource gate = new();
        Array.ForEach(way[1..3], drive => LoseAnswer(drive, gate.Task));
        RegisterDraft draft = new() { Slot = VersionId.Null, Body = PlainRecords.Encode("two") };
        Task<ObjectResult<RegisterValue>> put = far.Quorum.WriteAsync(key, draft, default).AsTask();
        await store.DelayAsync(TimeSpan.FromMilliseconds(50));
        drives[0].Refuse = _ => DriveFault.Io;
        Assert.Equal("two", await store.ReadTextAsync(key));
        await store.DelayAsync(TimeSpan.FromMilliseconds(50));
        drives[0].Refuse = null;
        drives[0].Hang("Commit");
        Assert.True((await store.Quorum.WriteAsync(key, Removal, default)).IsOk);
        await store.DelayAsync(TimeSpan.FromMilliseconds(50));
        far.Clock.Observe(store.Engine.Clock.Next());
        Array.ForEach(way[1..], drive => drive.Hang("Prepare"));
        gate.SetResult();
        await store.DelayAsync(TimeSpan.FromMilliseconds(50));
        drives[0].Release();
        await store.DelayAsync(TimeSpan.FromMilliseconds(200));
        await DemandForgottenAsync(store, key);
        Array.ForEach(areAllHeard ? [] : way[2..], drive => drive.Miss(("Prepare", 1)));
        Array.ForEach(way, drive => drive.Release());
        ObjectResult<RegisterValue> result = await put;
        Assert.True(result.IsOk || result.Error == ObjectError.OutcomeUnknown, "told " + result.Error);
        await store.SettleAsync();
        Assert.Null(await store.ReadTextAsync(key));
    });

    // Regression: drives refuse a delete for a promise, and then take it from its owner, who has found it on the third, under
    // that very ballot. That they had promised nothing since was held to say that it had never come to them.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_delete_that_was_made_certain_under_the_ballot_it_was_refused_for_does_not_take_effect_twice(bool isConditional) =>
        QuorumFixture.Run(3, async store =>
        {
            RegisterKey key = QuorumFixture.Key("a");
            FaultyDrive[] way = WayTo(store, key);
            await using StoreEngine far = store.Compose(store.Engine.Layout, way);
            Assert.True((await store.WriteAsync(key, "one")).IsOk);
            await store.SettleAsync();
            Task? other = null;
            Task<ObjectResult<RegisterValue?>> deletion = far.Quorum.MutateAsync(
                key,
                VersionId.Null,
                async (state, _) =>
                {
                    if (other is null)
                    {
                        store.Engine.Clock.Observe(far.Clock.Next());
                        other = MakeCertainLaterAsync(store, key);
                        await store.DelayAsync(TimeSpan.FromMilliseconds(50));
                        Array.ForEach(way, drive => drive.Hang("Prepare"));
                    }

                    return state.Slot is not null ? MutationDecision.Accept(Removal)
                        : isConditional ? MutationDecision.Stop(ObjectError.PreconditionFailed)
                        : MutationDecision.Nothing;
                },
                default).AsTask();
            await store.DelayAsync(TimeSpan.FromMilliseconds(120));
            store.DrivesOf(key)[0].Release();
            await store.SettleAsync();
            await other!;
            Assert.Null(await store.ReadTextAsync(key));
            await store.SettleAsync();
            await DemandForgottenAsync(store, key);
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

    // Drive 1 promises, drive 0 late, and the answer of drive 2 comes too late.
    private static async Task MakeCertainLaterAsync(QuorumFixture store, RegisterKey key)
    {
        FaultyDrive[] drives = store.DrivesOf(key);
        drives[0].Hang("Prepare");
        int travels = 0;
        drives[2].Travel = () => ++travels == 2 ? store.DelayAsync(TimeSpan.FromMilliseconds(400)) : Task.CompletedTask;
        Assert.True((await store.Quorum.MutateAsync(key, VersionId.Null, _ => MutationDecision.Nothing, default)).IsOk);
    }

    private static void LoseAnswer(FaultyDrive drive, Task gate)
    {
        int travels = 0;
        drive.Travel = () => ++travels == 2 ? gate : Task.CompletedTask;
        drive.LoseAnswer = asked => asked == "Accept" && drive.CallsOf("Accept") == 1;
    }

    // Another node's way to the drives of the key, in their order.
    private static FaultyDrive[] WayTo(QuorumFixture store, RegisterKey key)
    {
        List<FaultyDrive> order = [.. store.DrivesOf(key)];
        return [.. order.Select(drive => new FaultyDrive(drive.Inner))];
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
}
