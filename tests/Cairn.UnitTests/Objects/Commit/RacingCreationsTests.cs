using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

/// <summary>Writers who demand that nothing be there, at once and through several nodes.</summary>
public sealed class RacingCreationsTests
{
    // Regression: with all drives answering, a loser whose value one drive had taken before the winner's was told that the
    // outcome is unknown.
    [Fact]
    public void Every_creator_is_told_what_became_of_its_write_while_all_drives_answer() => QuorumFixture.Run(
        4,
        async store =>
        {
            StoreEngine[] nodes = [.. Enumerable.Range(0, 4).Select(_ => ComposeFar(store))];
            RegisterKey key = QuorumFixture.Key("a");
            List<Task<ObjectResult<RegisterValue?>>> creations = [.. Enumerable.Range(0, 8)
                .Select(writer => CreateLaterAsync(store, nodes[writer % nodes.Length], key, "writer " + writer))];
            ObjectResult<RegisterValue?>[] results = await QuorumFixture.AllAsync(creations);
            ObjectError[] losers = [.. results.Where(result => !result.IsOk).Select(result => result.Error)];
            Assert.Equal(Enumerable.Repeat(ObjectError.PreconditionFailed, 7), losers);
            string winner = PlainRecords.TextOf(results.Single(result => result.IsOk).Value!.Body);
            Assert.Equal(winner, await store.ReadTextAsync(key));
            foreach (StoreEngine node in nodes)
            {
                await node.DisposeAsync();
            }
        },
        seeds: 300);

    // One drive takes it, the others do not hear of it. Before the writer asks again, somebody finds it and makes it certain,
    // it is removed, and another creation takes its place. To repeat it, or to answer that something else was there, would
    // be a lie: it has been read. Drives may not know yet that the other one is chosen, which tells as little of it.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_creation_that_counted_until_it_was_removed_is_not_taken_for_dead(
        bool isConditional, bool isSuccessorPending) => QuorumFixture.Run(
        4,
        async store =>
        {
            RegisterKey key = QuorumFixture.Key("a");
            FaultyDrive[] way = [.. store.Drives.Select(drive => new FaultyDrive(drive.Inner))];
            await using StoreEngine far = store.Compose(store.Engine.Layout, way);
            Array.ForEach(way[1..], drive => drive.Miss(("Accept", 1)));
            Task<ObjectResult<RegisterValue?>> first = CreateAsync(
                far, key, "first", () => Array.ForEach(way, drive => drive.Hang("Prepare")));
            await store.SettleAsync();
            Array.ForEach(store.Drives[2..], drive => drive.Miss(("Read", 1), ("Prepare", 1)));
            Assert.Equal("first", await store.ReadTextAsync(key));
            RegisterDraft removal = new() { Slot = VersionId.Null, IsRemoval = true };
            Assert.True(isConditional
                ? (await store.Quorum.MutateAsync(key, VersionId.Null, _ => MutationDecision.Accept(removal), default)).IsOk
                : (await store.Quorum.WriteAsync(key, removal, default)).IsOk);
            await store.SettleAsync();
            Array.ForEach(isSuccessorPending ? store.Drives : [], drive => drive.Hang("Commit"));
            Assert.True((await CreateAsync(store.Engine, key, "second")).IsOk);
            if (!isSuccessorPending)
            {
                await store.SettleAsync();
            }

            Array.ForEach(way, drive => drive.Release());
            Assert.Equal(ObjectError.OutcomeUnknown, (await first).Error);
            Assert.Equal("second", await store.ReadTextAsync(key));
        });

    /// <summary>A coordinator whose calls take up to a millisecond each way.</summary>
    private static StoreEngine ComposeFar(QuorumFixture store) => store.Compose(
        store.Engine.Layout,
        [.. store.Drives.Select(drive => new FaultyDrive(drive.Inner) { Travel = () => TravelAsync(store) })]);

    private static Task TravelAsync(QuorumFixture store) =>
        store.DelayAsync(TimeSpan.FromMicroseconds(store.Engine.Environment.Entropy.NextUInt64() % 1_000));

    private static async Task<ObjectResult<RegisterValue?>> CreateLaterAsync(
        QuorumFixture store, StoreEngine node, RegisterKey key, string text)
    {
        await TravelAsync(store);
        return await CreateAsync(node, key, text);
    }

    private static Task<ObjectResult<RegisterValue?>> CreateAsync(
        StoreEngine node, RegisterKey key, string text, Action? onDecided = null) =>
        node.Quorum.MutateAsync(
            key,
            VersionId.Null,
            state =>
            {
                onDecided?.Invoke();
                return state.Current is null
                    ? MutationDecision.Accept(new RegisterDraft { Slot = VersionId.Null, Body = PlainRecords.Encode(text) })
                    : MutationDecision.Stop(ObjectError.PreconditionFailed);
            },
            default).AsTask();
}
