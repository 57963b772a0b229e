using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

/// <summary>A write that is sent twice, since a drive lacked its data, while a replaced drive comes to vote.</summary>
public sealed class ReplacedMeanwhileTests
{
    // Regression: time was counted from the end of the second sending. Drive 0 takes the write, somebody reads it, it is
    // removed and forgotten. The successor of drive 3 knows of nothing, and says so to whoever creates the key again.
    [Fact]
    public void A_write_is_not_given_up_for_dead_by_what_the_successor_of_a_drive_knows() => QuorumFixture.Run(4, async store =>
    {
        RegisterKey key = QuorumFixture.Key("a");
        FaultyDrive[] way = [.. store.Drives.Select(drive => new FaultyDrive(drive.Inner))];
        await using StoreEngine far = store.Compose(store.Engine.Layout, way);
        Array.ForEach(way[1..3], drive => drive.Hang("Accept"));
        LackDataOnce(way[3]);
        Task<ObjectResult<RegisterValue>> first = far.Quorum.WriteAsync(key, DraftOf("first"), default).AsTask();
        await store.SettleAsync();
        way[3].Hang("Accept");
        Array.ForEach(store.Drives[2..], drive => drive.Miss(("Read", 1), ("Prepare", 1)));
        Assert.Equal("first", await store.ReadTextAsync(key));
        RegisterDraft removal = new() { Slot = VersionId.Null, IsRemoval = true };
        Assert.True((await store.Quorum.MutateAsync(key, VersionId.Null, _ => MutationDecision.Accept(removal), default)).IsOk);
        await store.SettleAsync();
        Assert.Empty((await store.Drives[0].Inner.ReadAsync(key, null, false, default)).Value.Entries);
        await ReplaceAsync(store, way, 3);
        await store.DelayAsync(TimeSpan.FromSeconds(40));
        Assert.Equal(2, way[3].CallsOf("Accept"));
        Array.ForEach(way, drive => drive.Hang("Prepare"));
        await store.DelayAsync(TimeSpan.FromSeconds(20.1));
        Assert.Equal(DriveFault.None, await store.Drives[3].Inner.EndRecoveryAsync(default));
        Array.ForEach(store.Drives[..2], drive => drive.Refuse = asked => asked == "Prepare" ? DriveFault.Io : DriveFault.None);
        Assert.True((await CreateAsync(store.Engine, key, "second")).IsOk);
        await store.SettleAsync();
        Array.ForEach(way, drive => drive.Release());
        Assert.Equal(ObjectError.OutcomeUnknown, (await first).Error);
        Assert.Equal("second", await store.ReadTextAsync(key));
    });

    // Regression: a creation was sent once more when the promises that it rested on may have been gone with drive 0, whose
    // successor takes another write below it. The clock of the creation's node is two minutes ahead.
    [Fact]
    public void A_creation_is_not_sent_again_on_promises_that_a_replaced_drive_has_lost() => QuorumFixture.Run(4, async store =>
    {
        RegisterKey key = QuorumFixture.Key("a");
        FaultyDrive[] way = [.. store.Drives.Select(drive => new FaultyDrive(drive.Inner))];
        await using StoreEngine far = store.Compose(store.Engine.Layout, way);
        far.Clock.Observe(new Ballot(store.Engine.Clock.Next().Clock + (120_000UL << 16), 1));
        Array.ForEach(way[2..], drive => drive.Miss(("Prepare", 1)));
        Task<ObjectResult<RegisterValue?>> creation = CreateAsync(far, key, "created", async () =>
        {
            await store.DelayAsync(TimeSpan.FromSeconds(29));
            way[0].Hang("Accept");
            way[3].Hang("Accept");
            LackDataOnce(way[2]);
        });
        await store.SettleAsync();
        await ReplaceAsync(store, way, 0);
        await store.DelayAsync(TimeSpan.FromSeconds(45));
        Array.ForEach(way[..3], drive => drive.Hang("Accept"));
        await store.DelayAsync(TimeSpan.FromSeconds(15.5));
        Assert.Equal(DriveFault.None, await store.Drives[0].Inner.EndRecoveryAsync(default));
        store.Drives[1].Miss(("Accept", 1));
        Assert.True((await store.WriteAsync(key, "blind")).IsOk);
        await store.SettleAsync();
        Array.ForEach(way, drive => drive.Release());
        Assert.False((await creation).IsOk);
        Assert.Equal("blind", await store.ReadTextAsync(key));
    });

    private static void LackDataOnce(FaultyDrive drive) => drive.Refuse = operation =>
        operation == "Accept" && drive.CallsOf("Accept") == 1 ? DriveFault.NotFound : DriveFault.None;

    private static async Task ReplaceAsync(QuorumFixture store, FaultyDrive[] way, int index)
    {
        await store.ReplaceAsync(index);
        way[index].Inner = store.Drives[index].Inner;
    }

    private static RegisterDraft DraftOf(string text) => new() { Slot = VersionId.Null, Body = PlainRecords.Encode(text) };

    private static Task<ObjectResult<RegisterValue?>> CreateAsync(
        StoreEngine node, RegisterKey key, string text, Func<Task>? onDecided = null) =>
        node.Quorum.MutateAsync(
            key,
            VersionId.Null,
            async (state, _) =>
            {
                await (onDecided?.Invoke() ?? Task.CompletedTask);
                return state.Current is null
                    ? MutationDecision.Accept(DraftOf(text))
                    : MutationDecision.Stop(ObjectError.PreconditionFailed);
            },
            default).AsTask();
}
