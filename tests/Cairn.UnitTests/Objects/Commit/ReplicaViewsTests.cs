using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

// What four drives (write quorum three) hold of one slot is made up, and judged under a promise of all of them.
public sealed class ReplicaViewsTests
{
    /// <summary>
    /// A removal was chosen by the first three. The next removal reached the first two only, and an attempt to make the
    /// first one certain again the other two. The value before it, which drive 3 still holds, must not come back.
    /// </summary>
    [Fact]
    public void A_chosen_value_counts_although_a_drive_raised_it_above_a_competitor()
    {
        RegisterEntry put = Value(10) with { IsCommitted = true };
        RegisterEntry removal = Value(20) with { IsRemoved = true, Body = default };
        RegisterEntry next = Value(30) with { IsRemoved = true, Body = default };
        RegisterEntry raised = removal with { Ballot = At(40) };
        Judge(SlotCertainty.MaybeChosen, At(20), [next, removal], [next, removal], [raised], [raised, put]);
    }

    [Fact]
    public void A_value_that_too_few_accepted_under_any_ballot_was_not_chosen() => Judge(
        SlotCertainty.Certain, At(10), [Value(20), Committed(10)], [Committed(10)], [Committed(10)], [Value(20), Committed(10)]);

    [Fact]
    public void The_same_bytes_of_an_older_committed_value_do_not_vouch_for_a_younger_one()
    {
        RegisterEntry again = Value(10) with { Ballot = At(30) };
        RegisterEntry other = Value(10) with { Ballot = At(20), Body = PlainRecords.Encode("other"), IsCommitted = true };
        Judge(SlotCertainty.Certain, At(20), [again, other], [other], [other], [other]);
    }

    [Fact]
    public void Nothing_was_chosen_since_the_live_value_that_counts() =>
        AssertNothingChosenSince(At(10).Next, [Value(20), Committed(10)], [Committed(10)], [Committed(10)], [Committed(10)]);

    [Fact]
    public void Nothing_alive_was_chosen_since_a_removal_or_what_it_tells()
    {
        RegisterEntry removal = Committed(20) with { IsRemoved = true, Body = default };
        RegisterEntry telling = removal with { AloneSince = At(5) };
        AssertNothingChosenSince(At(20).Next, [removal], [removal], [removal], [removal]);
        AssertNothingChosenSince(At(5), [telling], [telling], [telling], [telling]);
    }

    // Whatever was removed and forgotten is told by every drive, and lies below all that any of them shows.
    [Fact]
    public void Nothing_was_chosen_in_an_empty_slot_since_the_lowest_floor_or_entry()
    {
        AssertNothingChosenSince(At(100), [], [], [], []);
        AssertNothingChosenSince(At(20), [Value(30), Value(20)], [], [], []);
    }

    // A current version lies above the null version that three of the drives may have.
    [Fact]
    public void What_may_be_hidden_in_a_slot_may_have_been_chosen_at_any_time()
    {
        RegisterEntry version = Committed(50) with { Slot = new VersionId(At(50)) };
        AssertNothingChosenSince(null, [version], [version], [version], []);
    }

    private static void AssertNothingChosenSince(Ballot? since, params RegisterEntry[][] drives) =>
        AssertOf(views => Assert.Equal(since, views.NothingChosenSince(VersionId.Null)), drives);

    private static void Judge(SlotCertainty certainty, Ballot winner, params RegisterEntry[][] drives) => AssertOf(
        views =>
        {
            SlotVerdict verdict = views.Judge(VersionId.Null);
            Assert.Equal(certainty, verdict.Certainty);
            Assert.Equal(winner, verdict.Winner?.Ballot);
        },
        drives);

    private static void AssertOf(Action<ReplicaViews> check, RegisterEntry[][] drives) =>
        QuorumFixture.Run(4, store =>
        {
            RegisterKey key = QuorumFixture.Key("a");
            ReplicaViews views = new(key, VersionId.Null, store.Engine.PartitionOf(key), new PlainRecords())
            {
                IsPromised = true,
            };
            for (int position = 0; position < drives.Length; position++)
            {
                views.Add(position, new RegisterView(true, At(100), drives[position]) { Floor = At(100) });
            }

            check(views);
            return Task.CompletedTask;
        }, seeds: 1);

    private static RegisterEntry Committed(ulong birth) => Value(birth) with { IsCommitted = true };

    private static RegisterEntry Value(ulong birth) => new()
    {
        Slot = VersionId.Null,
        Birth = At(birth),
        Ballot = At(birth),
        Body = PlainRecords.Encode("v" + birth),
    };

    private static Ballot At(ulong clock) => new(clock, 1);
}
