using Cairn.Primitives.Ids;
using Cairn.Testing.Histories;
using Cairn.UnitTests.Testing.Toy;
using Xunit;

namespace Cairn.UnitTests.Testing;

/// <summary>Hand-made histories with known verdicts, then histories of a toy protocol with known faults.</summary>
public sealed class LinearizabilityCheckerTests
{
    // Twice what the rarest mutation needs.
    private const int ToySeeds = 6_000;

    private static readonly ObjectState A = new(1, 1, 0);
    private static readonly ObjectState B = new(2, 2, 0);
    private static readonly ObjectState C = new(3, 3, 0);

    [Fact]
    public void A_read_after_a_write_sees_it() => Good(
        Op(1, 2, Write(A)), Op(3, 4, See(A)));

    [Fact]
    public void A_read_that_misses_an_earlier_write_is_stale() => Bad(
        Op(1, 2, Write(A)), Op(3, 4, Write(B)), Op(5, 6, See(A)));

    [Fact]
    public void A_read_during_a_write_may_see_either() => Good(
        Op(1, 2, Write(A)), Op(3, 8, Write(B)), Op(4, 5, See(A)), Op(6, 7, See(B)));

    [Fact]
    public void Reads_during_a_write_may_not_go_back() => Bad(
        Op(1, 2, Write(A)), Op(3, 8, Write(B)), Op(4, 5, See(B)), Op(6, 7, See(A)));

    [Fact]
    public void Readers_must_agree_on_the_order_of_concurrent_writes() => Bad(
        Op(1, 10, Write(A)), Op(2, 9, Write(B)),
        Op(11, 12, See(A)), Op(13, 14, See(B)));

    [Fact]
    public void A_deleted_object_does_not_come_back() => Bad(
        Op(1, 2, Write(A)), Op(3, 4, Write(ObjectState.Absent)), Op(5, 6, See(ObjectState.Absent)), Op(7, 8, See(A)));

    [Fact]
    public void A_value_that_nobody_wrote_is_a_violation() => Bad(
        Op(1, 2, Write(A)), Op(3, 4, See(B)));

    [Fact]
    public void An_unknown_write_may_show_or_not() => Good(
        Op(1, 2, Write(A)), Unknown(3, Write(B)), Op(4, 5, See(A)), Op(6, 7, See(B)), Op(8, 9, See(B)));

    [Fact]
    public void An_unknown_write_may_show_much_later_but_only_once() => Bad(
        Op(1, 2, Write(A)), Unknown(3, Write(B)), Op(4, 5, See(B)), Op(6, 7, Write(C)), Op(8, 9, See(C)),
        Op(10, 11, See(B)));

    [Fact]
    public void An_unknown_write_does_not_show_before_it_began() => Bad(
        Op(1, 2, Write(A)), Op(3, 4, See(B)), Unknown(5, Write(B)));

    [Fact]
    public void Of_two_creations_one_wins() => Bad(
        Op(1, 5, ObjectStep.WriteIfAbsent(A)), Op(2, 6, ObjectStep.WriteIfAbsent(B)));

    [Fact]
    public void A_refused_creation_needs_something_there() => Bad(
        Op(1, 2, ObjectStep.ObserveNot(0)));

    [Fact]
    public void A_refused_creation_may_have_seen_an_unknown_write() => Good(
        Unknown(1, Write(A)), Op(2, 3, ObjectStep.ObserveNot(0)), Op(4, 5, See(A)));

    [Fact]
    public void What_made_a_creation_fail_does_not_vanish() => Bad(
        Unknown(1, Write(A)), Op(2, 3, ObjectStep.ObserveNot(0)), Op(4, 5, See(ObjectState.Absent)));

    [Fact]
    public void A_compare_and_set_of_something_overwritten_is_a_lost_update() => Bad(
        Op(1, 2, Write(A)), Op(3, 4, Write(B)), Op(5, 6, ObjectStep.WriteIfContent(1, C)));

    [Fact]
    public void Two_compare_and_sets_of_one_state_cannot_both_win() => Bad(
        Op(1, 2, Write(A)), Op(3, 6, ObjectStep.WriteIfContent(1, B)), Op(4, 7, ObjectStep.WriteIfContent(1, C)));

    [Fact]
    public void Unknown_conditional_writes_may_have_followed_each_other() => Good(
        Unknown(1, Write(A)), Unknown(2, ObjectStep.WriteIfContent(1, B)), Unknown(3, ObjectStep.WriteIfContent(2, C)),
        Op(4, 5, See(ObjectState.Absent)), Op(6, 7, See(C)));

    [Fact]
    public void Unknown_conditional_writes_do_not_skip_their_condition() => Bad(
        Unknown(1, ObjectStep.WriteIfContent(1, B)), Op(4, 5, See(B)));

    [Fact]
    public void Tags_stay_on_the_version_they_were_put_on() => Good(
        Op(1, 2, Write(A)), Op(3, 4, ObjectStep.SetTags(9, A)), Op(5, 6, See(A with { Tags = 9 })),
        Op(7, 8, Write(B)), Op(9, 10, See(B)));

    [Fact]
    public void Tags_do_not_move_to_a_newer_version() => Bad(
        Op(1, 2, Write(A)), Op(3, 4, ObjectStep.SetTags(9, A)), Op(5, 6, Write(B)), Op(7, 8, See(B with { Tags = 9 })));

    [Fact]
    public void Removing_the_newest_version_brings_the_one_below_back() => Good(
        Op(1, 2, Add(A)), Op(3, 4, Add(B)), Op(5, 6, ObjectStep.RemoveVersion(2)), Op(7, 8, See(A)),
        Op(9, 10, ObjectStep.ObserveVersions([1])));

    [Fact]
    public void A_removed_version_does_not_come_back() => Bad(
        Op(1, 2, Add(A)), Op(3, 4, Add(B)), Op(5, 6, ObjectStep.RemoveVersion(2)), Op(7, 8, See(B)));

    [Fact]
    public void A_delete_marker_hides_the_versions_below_and_keeps_them() => Good(
        Op(1, 2, Add(A)), Op(3, 4, ObjectStep.AddVersion(new KeyVersion(9, ObjectState.Absent), new VersionOrder())),
        Op(5, 6, See(ObjectState.Absent)), Op(7, 8, ObjectStep.ObserveVersions([0, 1])),
        Op(9, 10, ObjectStep.ObserveVersion(1, 1)));

    [Fact]
    public void Versions_are_listed_in_the_order_of_their_writes() => Bad(
        Op(1, 2, Add(A)), Op(3, 4, Add(B)), Op(5, 6, ObjectStep.ObserveVersions([1, 2])));

    [Fact]
    public void An_acknowledged_version_does_not_go_missing() => Bad(
        Op(1, 4, Add(A)), Op(2, 5, Add(B)), Op(6, 7, ObjectStep.ObserveVersions([2])));

    [Fact]
    public void An_unknown_version_below_another_shows_when_that_is_removed() => Good(
        Unknown(1, Add(A)), Op(2, 3, Add(B)), Op(4, 5, See(B)), Op(6, 7, ObjectStep.RemoveVersion(2)), Op(8, 9, See(A)));

    // Which of them have taken effect makes two to the power of their number, and no difference.
    [Fact]
    public void Effects_that_change_nothing_do_not_make_the_checker_give_up()
    {
        List<Operation<KeyState>> history = [];
        for (int i = 0; i < 30; i++)
        {
            history.Add(Unknown(1, ObjectStep.RemoveVersion(100 + i)));
        }

        for (int i = 0; i < 10; i++)
        {
            ObjectState written = new(i + 1, i + 1, 0);
            history.Add(Op(10 * i + 2, 10 * i + 3, Add(written)));
            history.Add(Op(10 * i + 4, 10 * i + 5, See(written)));
        }

        Bad([.. history, Op(200, 201, See(A with { Tags = 77 }))]);
    }

    [Fact]
    public void Versions_take_effect_in_the_order_of_their_births()
    {
        var order = new VersionOrder();
        order.Know(1, new VersionId(new Ballot(20, 1)));
        order.Know(2, new VersionId(new Ballot(10, 1)));
        Bad(
            Op(1, 2, ObjectStep.AddVersion(new KeyVersion(1, A), order)),
            Op(3, 4, ObjectStep.AddVersion(new KeyVersion(2, B), order)));
        Good(
            Op(1, 4, ObjectStep.AddVersion(new KeyVersion(1, A), order)),
            Op(2, 3, ObjectStep.AddVersion(new KeyVersion(2, B), order)), Op(5, 6, See(A)));
    }

    [Fact]
    public void A_listing_shows_what_was_there_at_some_moment_of_it()
    {
        var history = new ObjectHistory();
        PutAll(history, "a", A, B);
        long start = history.Tick();
        history.Listed("a", 2, start, history.Tick());
        Assert.Null(history.FindViolation());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_listing_that_misses_a_key_or_shows_an_old_or_a_foreign_one_is_a_violation(int shown)
    {
        var history = new ObjectHistory();
        PutAll(history, "a", A, B);
        long start = history.Tick();
        history.Listed("a", shown, start, history.Tick());
        Assert.Contains("Key a", history.FindViolation(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_listing_that_shows_a_deleted_key_is_a_violation()
    {
        var history = new ObjectHistory();
        PutAll(history, "a", A, ObjectState.Absent);
        long start = history.Tick();
        history.Listed("a", 1, start, history.Tick());
        Assert.NotNull(history.FindViolation());
    }

    [Fact]
    public void Hundreds_of_operations_with_many_unknown_outcomes_are_decided()
    {
        var random = new Cairn.Testing.Simulation.SimRandom(1);
        var history = new List<Operation<KeyState>>();
        ObjectState state = ObjectState.Absent;
        long now = 0;
        for (int i = 1; i <= 600; i++)
        {
            var written = new ObjectState(i, i, 0);
            long start = now += 10;
            switch (random.Next(4))
            {
                case 0:
                    history.Add(Op(start - random.Next(60), now + random.Next(60), See(state)));
                    break;
                case 1:
                    history.Add(Unknown(start - random.Next(60), Write(written)));
                    state = random.Chance(.3) ? written : state;
                    break;
                case 2:
                    history.Add(Op(start - random.Next(60), now + random.Next(60), ObjectStep.ObserveNot(i)));
                    break;
                default:
                    history.Add(Op(start - random.Next(60), now + random.Next(60), Write(written)));
                    state = written;
                    break;
            }
        }

        Good([.. history]);
        history.Add(Op(now + 100, now + 101, See(new ObjectState(1, 1, 0))));
        Bad([.. history]);
    }

    [Fact]
    public void The_commit_protocol_of_the_toy_is_linearizable()
    {
        for (ulong seed = 0; seed < ToySeeds; seed++)
        {
            Verdict verdict = Check(seed, ToyMutation.None);
            Assert.True(verdict.Outcome == VerdictOutcome.Linearizable, $"seed {seed}: {verdict.Explanation}");
        }
    }

    [Theory]
    [InlineData(ToyMutation.NoPromise)]
    [InlineData(ToyMutation.DropOld)]
    [InlineData(ToyMutation.SmallQuorum)]
    [InlineData(ToyMutation.SmallRead)]
    [InlineData(ToyMutation.SkipMaybe)]
    [InlineData(ToyMutation.NoWriteBack)]
    [InlineData(ToyMutation.TrustPending)]
    [InlineData(ToyMutation.BlindRetry)]
    public void A_broken_commit_protocol_is_caught(ToyMutation mutation)
    {
        for (int seed = 0; seed < ToySeeds; seed++)
        {
            if (Check((ulong)seed, mutation).Outcome == VerdictOutcome.Violated)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{mutation} is caught by seed {seed}");
                return;
            }
        }

        Assert.Fail($"{mutation} is not caught.");
    }

    private static Verdict Check(ulong seed, ToyMutation mutation) =>
        LinearizabilityChecker<KeyState>.Check(ToyCluster.Run(seed, mutation), KeyState.Empty);

    private static void PutAll(ObjectHistory history, string key, params ObjectState[] written)
    {
        foreach (ObjectState state in written)
        {
            history.Begin(key, $"put {state}", Write(state)).Succeed();
        }
    }

    private static void Good(params Operation<KeyState>[] history)
    {
        Verdict verdict = LinearizabilityChecker<KeyState>.Check(history, KeyState.Empty);
        Assert.True(verdict.Outcome == VerdictOutcome.Linearizable, verdict.Explanation);
    }

    private static void Bad(params Operation<KeyState>[] history) =>
        Assert.Equal(
            VerdictOutcome.Violated,
            LinearizabilityChecker<KeyState>.Check(history, KeyState.Empty).Outcome);

    private static Operation<KeyState> Op(long start, long end, ObjectStep step) =>
        new($"{start}..{end}", start, end, step);

    private static Operation<KeyState> Unknown(long start, ObjectStep step) =>
        Op(start, Operation<KeyState>.Never, step);

    private static ObjectStep Write(ObjectState state) => ObjectStep.Write(state);

    private static ObjectStep Add(ObjectState state) =>
        ObjectStep.AddVersion(new KeyVersion(state.Content, state), new VersionOrder());

    private static ObjectStep See(ObjectState state) => ObjectStep.Observe(state);
}
