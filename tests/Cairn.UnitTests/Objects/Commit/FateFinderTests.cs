using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

/// <summary>What becomes of a proposal that some drives refused and others did not answer.</summary>
public sealed class FateFinderTests
{
    // Regression: the tombstone that cleared such a delete away was taken for the delete itself at the next turn, and the
    // client was told that it had removed a value which somebody else had replaced.
    [Fact]
    public void A_delete_that_was_cleared_away_is_not_found_done() => QuorumFixture.Run(4, async store =>
    {
        RegisterKey key = QuorumFixture.Key("a");
        FaultyDrive[] drives = store.DrivesOf(key);
        await store.WriteAsync(key, "one");
        await store.SettleAsync();
        await using var other = store.Compose(store.Engine.Layout, store.Engine.Options);
        Ballot ahead = new(store.Engine.Clock.Next().Clock + (60_000UL << 16), 1);
        int decisions = 0;
        var deletion = await store.Quorum.MutateAsync(
            key,
            null,
            async (state, _) =>
            {
                decisions++;
                if (state.Current is null)
                {
                    return MutationDecision.Stop(ObjectError.NoSuchKey);
                }

                await ReplaceAndRemoveAsync(other.Quorum, key);
                await store.SettleAsync();
                await PromiseAsync(drives, key, other.Clock.Next());
                Interfere(drives, key, ahead);
                return MutationDecision.Accept(new RegisterDraft { Slot = VersionId.Null, IsRemoval = true });
            },
            default);
        Assert.Equal(ObjectError.NoSuchKey, deletion.Error);
        Assert.Equal(2, decisions);
    });

    // Regression (cluster seed 707526): on two of four drives somebody had begun to accept the value again. It was known to
    // be chosen, from before, and taken for chosen under the new ballot, so that the delete, on the other two, was given up
    // for dead. The next one who asked found it and made it certain, and the client was told that there had been nothing.
    [Fact]
    public void A_delete_is_not_given_up_for_a_value_that_is_only_being_accepted_again() => QuorumFixture.Run(4, async store =>
    {
        RegisterKey key = QuorumFixture.Key("a");
        FaultyDrive[] drives = store.DrivesOf(key);
        await store.WriteAsync(key, "one");
        await store.SettleAsync();
        drives[0].Miss(("Prepare", 3));
        drives[2].Miss(("Prepare", 2));
        drives[3].Miss(("Prepare", 2));
        int decisions = 0;
        var deletion = await store.Quorum.MutateAsync(
            key,
            null,
            async (state, _) =>
            {
                decisions++;
                if (state.Current is null)
                {
                    return MutationDecision.Stop(ObjectError.NoSuchKey);
                }

                if (decisions == 1)
                {
                    await AcceptAgainAsync(drives[..2], key, store.Engine.Clock.Next());
                }

                return MutationDecision.Accept(new RegisterDraft { Slot = VersionId.Null, IsRemoval = true });
            },
            default);
        Assert.True(deletion.IsOk);
        Assert.Equal(2, decisions);
    });

    // Regression: it asked until it had an answer, and longer than a replaced drive waits before it votes. One drive takes the
    // write; the others have promised more, and so have all when they are asked what became of it. Each way takes 10 seconds.
    [Fact]
    public void Nothing_is_told_that_may_rest_on_a_drive_which_was_replaced_meanwhile() => QuorumFixture.Run(4, async store =>
    {
        RegisterKey key = QuorumFixture.Key("a");
        FaultyDrive[] way = [.. store.Drives.Select(drive => new FaultyDrive(drive.Inner))];
        await using StoreEngine far = store.Compose(store.Engine.Layout, way);
        int decisions = 0;
        var creation = await far.Quorum.MutateAsync(
            key,
            VersionId.Null,
            async (_, _) =>
            {
                if (++decisions == 1)
                {
                    await OutbidAsync(store, way, key);
                }

                return MutationDecision.Accept(
                    new RegisterDraft { Slot = VersionId.Null, Body = PlainRecords.Encode("value") });
            },
            default);
        Assert.Equal(ObjectError.OutcomeUnknown, creation.Error);
        Assert.Equal(1, decisions);
    });

    private static async Task PromiseAsync(FaultyDrive[] drives, RegisterKey key, Ballot ballot)
    {
        foreach (FaultyDrive drive in drives)
        {
            Assert.True((await drive.Inner.PrepareAsync(key, ballot, null, default)).Value.IsPromised);
        }
    }

    private static async Task OutbidAsync(QuorumFixture store, FaultyDrive[] way, RegisterKey key)
    {
        ulong now = store.Engine.Clock.Next().Clock;
        foreach (FaultyDrive drive in way[1..])
        {
            await drive.Inner.PrepareAsync(key, new Ballot(now + (60_000UL << 16), 1), null, default);
        }

        foreach (FaultyDrive drive in way)
        {
            drive.Travel = () => store.DelayAsync(TimeSpan.FromSeconds(10));
            drive.Refuse = operation =>
            {
                if (operation == "Prepare" && drive.CallsOf("Prepare") == 2)
                {
                    _ = drive.Inner.PrepareAsync(key, new Ballot(now + (120_000UL << 16), 1), null, default).AsTask();
                }

                return DriveFault.None;
            };
        }
    }

    private static async Task AcceptAgainAsync(FaultyDrive[] drives, RegisterKey key, Ballot ballot)
    {
        foreach (FaultyDrive drive in drives)
        {
            PrepareReply promise = (await drive.Inner.PrepareAsync(key, ballot, null, default)).Value;
            RegisterEntry again = Assert.Single(promise.View!.Entries) with { Ballot = ballot, IsCommitted = false };
            Assert.True((await drive.Inner.AcceptAsync(new AcceptRequest(key, again), default)).Value.IsAccepted);
        }
    }

    private static async Task ReplaceAndRemoveAsync(RegisterQuorum quorum, RegisterKey key)
    {
        var two = await quorum.WriteAsync(
            key, new RegisterDraft { Slot = VersionId.Null, Body = PlainRecords.Encode("two") }, default);
        var gone = await quorum.WriteAsync(key, new RegisterDraft { Slot = VersionId.Null, IsRemoval = true }, default);
        Assert.True(two.IsOk && gone.IsOk);
    }

    // The delete: one drive does not answer. Its clearing away: only the first drive takes it, the others have promised a
    // higher ballot just before. The next question is heard by that drive and one other.
    private static void Interfere(FaultyDrive[] drives, RegisterKey key, Ballot ahead)
    {
        for (int position = 1; position < drives.Length; position++)
        {
            FaultyDrive drive = drives[position];
            bool isSilent = position >= 2;
            bool isLast = position == 3;
            int accepts = 0;
            int prepares = 0;
            drive.Refuse = operation =>
            {
                accepts += operation == "Accept" ? 1 : 0;
                prepares += operation == "Prepare" ? 1 : 0;
                if (operation == "Accept" && accepts == 2)
                {
                    _ = drive.Inner.PrepareAsync(key, ahead, null, default).AsTask();
                }

                return (operation == "Accept" && accepts == 1 && isLast) || (operation == "Prepare" && prepares == 2 && isSilent)
                    ? DriveFault.Io
                    : DriveFault.None;
            };
        }
    }
}
