using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

// Three drives, two of which are a read quorum. One answers early, then a removal reaches all drives and is forgotten, and
// only then the second one answers, that it has nothing. The third one is not to be had for reading.
public sealed class ForgettingTests
{
    private static readonly RegisterKey Key = QuorumFixture.Key("a");

    public enum Question
    {
        Read,
        List,
        ListVersions,
    }

    [Theory]
    [InlineData(Question.Read)]
    [InlineData(Question.List)]
    [InlineData(Question.ListVersions)]
    public void What_was_removed_before_a_question_is_not_in_its_answer(Question question) =>
        QuorumFixture.Run(3, async store =>
        {
            await using StoreEngine other = store.Compose(store.Engine.Layout, store.Engine.Options);
            FaultyDrive[] drives = Prepare(store, question);
            await store.WriteAsync(Key, "one");
            await store.SettleAsync();
            drives[0].Hang("Accept");
            Assert.True((await RemoveAsync(other)).IsOk);
            Task<string?> answer = AskAsync(store, question);

            // Before the commit, which would name it as one that missed the removal.
            await store.DelayAsync(TimeSpan.FromMilliseconds(20));
            drives[0].Release();
            await ForgetAsync(store, drives);
            drives[1].Release();
            Assert.Null(await answer);
        });

    // The early one has missed the second value.
    [Theory]
    [InlineData(Question.Read)]
    [InlineData(Question.List)]
    [InlineData(Question.ListVersions)]
    public void What_was_superseded_before_a_question_is_not_in_its_answer(Question question) =>
        QuorumFixture.Run(3, async store =>
        {
            await using StoreEngine other = store.Compose(store.Engine.Layout, store.Engine.Options);
            FaultyDrive[] drives = Prepare(store, question);
            await store.WriteAsync(Key, "one");
            await store.SettleAsync();
            drives[0].IsOffline = true;
            Assert.True((await store.WriteAsync(Key, "two")).IsOk);
            await store.SettleAsync();
            drives[0].IsOffline = false;
            Task<string?> answer = AskAsync(store, question);
            await store.SettleAsync();
            Assert.True((await RemoveAsync(other)).IsOk);
            await ForgetAsync(store, drives);
            drives[1].Release();
            Assert.Null(await answer);
        });

    [Fact]
    public void A_value_that_a_drive_with_a_young_floor_has_missed_is_read_without_a_promise() =>
        QuorumFixture.Run(3, async store =>
        {
            FaultyDrive[] drives = store.DrivesOf(Key);
            drives[1].IsOffline = true;
            await store.WriteAsync(Key, "one");
            await store.SettleAsync();
            drives[1].IsOffline = false;
            RegisterKey gone = QuorumFixture.Key("b");
            await store.WriteAsync(gone, "x");
            await store.Quorum.WriteAsync(gone, new RegisterDraft { Slot = VersionId.Null, IsRemoval = true }, default);
            await store.SettleAsync();
            drives[2].IsOffline = true;
            foreach (Question question in Enum.GetValues<Question>())
            {
                Assert.Equal("one", await AskAsync(store, question));
            }

            Assert.Equal(0, drives[0].CallsOf("Prepare"));
        });

    // A writer whose value was adopted by a reader, chosen, removed and forgotten, and who sees no trace of it now.
    [Fact]
    public void A_write_that_may_have_been_adopted_removed_and_forgotten_is_not_begun_anew() =>
        QuorumFixture.Run(3, async store =>
        {
            await using StoreEngine other = store.Compose(store.Engine.Layout, store.Engine.Options);
            FaultyDrive[] drives = store.DrivesOf(Key);
            Ballot ahead = new(store.Engine.Clock.Next().Clock + (60_000UL << 16), 1);
            other.Clock.Observe(ahead);
            await drives[0].PrepareAsync(Key, ahead, null, default);
            drives[1].LoseAnswer = operation => operation == "Accept" && drives[1].CallsOf("Accept") == 1;
            drives[2].Refuse = operation => operation == "Accept" ? DriveFault.Io : DriveFault.None;
            drives[0].Hang("Prepare");
            drives[1].Hang("Prepare");
            drives[2].Hang("Prepare");
            Task<ObjectResult<RegisterValue>> write = store.WriteAsync(Key, "once").AsTask();
            await store.SettleAsync();

            // Another coordinator adopts it under a promise of its own, which the hanging drives give it directly.
            drives[2].Refuse = null;
            RegisterEntry leftover = Assert.Single((await drives[1].Inner.ReadAsync(Key, null, false, default)).Value.Entries);
            foreach (FaultyDrive drive in drives)
            {
                await drive.Inner.PrepareAsync(Key, other.Clock.Next(), null, default);
            }

            Proposal adopted = Proposal.Again(Key, leftover, 0, other.Clock.Next());
            AcceptRound round = await other.Quorum.Settler.ProposeAsync(other.PartitionOf(Key), adopted, default);
            Assert.True(round.IsChosen);
            await store.SettleAsync();
            Assert.True((await RemoveAsync(other)).IsOk);
            await ForgetAsync(store, drives);
            foreach (FaultyDrive drive in drives)
            {
                drive.Release();
            }

            Assert.Equal(ObjectError.OutcomeUnknown, (await write).Error);
            Assert.Null(await store.ReadTextAsync(Key));
        });

    private static FaultyDrive[] Prepare(QuorumFixture store, Question question)
    {
        FaultyDrive[] drives = store.DrivesOf(Key);
        string operation = question == Question.Read ? "Read" : "List";
        drives[1].Hang(operation);
        drives[2].Refuse = asked => asked == operation ? DriveFault.Io : DriveFault.None;
        return drives;
    }

    private static ValueTask<ObjectResult<RegisterValue>> RemoveAsync(StoreEngine engine) =>
        engine.Quorum.WriteAsync(Key, new RegisterDraft { Slot = VersionId.Null, IsRemoval = true }, default);

    private static async Task ForgetAsync(QuorumFixture store, FaultyDrive[] drives)
    {
        await store.SettleAsync();
        foreach (FaultyDrive drive in drives)
        {
            // Where reads hang, those that come before a forgetting do as well: somebody else, whom they answer, does it.
            foreach (RegisterEntry held in (await drive.Inner.ReadAsync(Key, null, false, default)).Value.Entries)
            {
                Assert.True(held is { IsRemoved: true, IsCommitted: true });
                Assert.Equal(DriveFault.None, await drive.Inner.ForgetAsync(Key, VersionId.Null, held.Ballot, default));
            }

            Assert.Empty((await drive.Inner.ReadAsync(Key, null, false, default)).Value.Entries);
        }
    }

    private static async Task<string?> AskAsync(QuorumFixture store, Question question)
    {
        if (question == Question.Read)
        {
            return await store.ReadTextAsync(Key);
        }

        ListRequest request = new()
        {
            Space = Key.Space,
            Bucket = Key.Bucket,
            Prefix = Key.Name,
            AllVersions = question == Question.ListVersions,
            Limit = 10,
        };
        ObjectResult<RegisterPage> page = await store.Quorum.ListAsync(request, default);
        return !page.IsOk ? "!" + page.Error
            : page.Value.Rows.Count == 0 ? null
            : PlainRecords.TextOf(page.Value.Rows[0].Values[0].Body);
    }
}
