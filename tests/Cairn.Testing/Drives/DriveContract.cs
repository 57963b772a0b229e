using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.Testing.Drives;

/// <summary>What every IDrive does with promises, values and commits, whatever it is made of.</summary>
/// <remarks>Each case gets a fresh, empty drive. The cases are the replica's side of docs/consistency.md.</remarks>
internal static class DriveContract
{
    public static async Task Accepted_value_is_pending_until_it_is_committed(DriveFixture drive)
    {
        RegisterEntry entry = NullEntry(drive.NextBallot(), "one");
        AcceptReply reply = await drive.AcceptAsync(Key("k"), entry);
        Expect.Equal(new AcceptReply(true, true, entry.Ballot), reply);
        Expect.Equal("one?", Show(await drive.ReadAsync(Key("k"))));
        await drive.CommitAsync(Key("k"), entry);
        RegisterView view = await drive.ReadAsync(Key("k"));
        Expect.Equal("one", Show(view));
        Expect.Equal(entry.Ballot, view.Promised);
        Expect.Equal(entry.Birth, view.Entries[0].Birth);
        Expect.Equal(entry.Ballot, view.Entries[0].Ballot);
    }

    public static async Task Unknown_register_is_empty(DriveFixture drive)
    {
        RegisterView view = await drive.ReadAsync(Key("nothing"), withInline: true);
        Expect.Equal(0, view.Entries.Count);
        Expect.Equal(Ballot.Zero, view.Promised);
        Expect.That(view.IsVoting && !view.HasInline);
    }

    public static async Task Everything_answered_is_there_after_a_reopening(DriveFixture drive)
    {
        DataId data = drive.NextData();
        RegisterEntry kept = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "one", data), Bytes(2000));
        RegisterEntry pending = NullEntry(drive.NextBallot(), "two");
        await drive.AcceptAsync(Key("k"), pending);
        Ballot promised = drive.NextBallot();
        await drive.PrepareAsync(Key("k"), promised);
        await drive.ReopenAsync();
        RegisterView view = await drive.ReadAsync(Key("k"));
        Expect.Equal("two? one", Show(view));
        Expect.Equal(promised, view.Promised);
        Expect.Bytes(Bytes(2000), await drive.ReadShardAsync(data));
        Expect.That(!(await drive.AcceptAsync(Key("k"), NullEntry(kept.Ballot, "late"))).IsAccepted);
    }

    public static async Task Accept_below_an_accepted_ballot_is_refused(DriveFixture drive)
    {
        Ballot low = drive.NextBallot();
        RegisterEntry high = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "high"));
        AcceptReply reply = await drive.AcceptAsync(Key("k"), NullEntry(low, "low"));
        Expect.Equal(new AcceptReply(false, true, high.Ballot), reply);
        Expect.Equal("high", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Accept_below_a_promise_is_refused(DriveFixture drive)
    {
        RegisterEntry late = NullEntry(drive.NextBallot(), "late");
        Ballot promised = drive.NextBallot();
        PrepareReply promise = await drive.PrepareAsync(Key("k"), promised);
        Expect.That(promise.IsPromised);
        Expect.Equal(0, promise.View!.Entries.Count);
        AcceptReply reply = await drive.AcceptAsync(Key("k"), late);
        Expect.Equal(new AcceptReply(false, true, promised), reply);
        Expect.Equal("", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Accept_under_the_promised_ballot_succeeds(DriveFixture drive)
    {
        Ballot promised = drive.NextBallot();
        await drive.PrepareAsync(Key("k"), promised);
        Expect.That((await drive.AcceptAsync(Key("k"), NullEntry(promised, "mine"))).IsAccepted);
    }

    public static async Task Accept_of_another_value_under_a_used_ballot_is_refused(DriveFixture drive)
    {
        Ballot ballot = drive.NextBallot();
        await drive.AcceptAsync(Key("k"), NullEntry(ballot, "mine"));
        Expect.That(!(await drive.AcceptAsync(Key("k"), NullEntry(ballot, "other"))).IsAccepted);
        Expect.That(!(await drive.AcceptAsync(Key("k"), VersionEntry(ballot, "mine"))).IsAccepted);
        Expect.Equal("mine?", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Accept_is_idempotent_and_does_not_undo_a_commit(DriveFixture drive)
    {
        DataId data = drive.NextData();
        RegisterEntry entry = NullEntry(drive.NextBallot(), "one", data);
        await drive.AcceptAsync(Key("k"), entry, Bytes(100));
        Expect.That((await drive.AcceptAsync(Key("k"), entry, Bytes(100))).IsAccepted);
        await drive.CommitAsync(Key("k"), entry);
        Expect.That((await drive.AcceptAsync(Key("k"), entry, Bytes(100))).IsAccepted);
        Expect.Equal("one", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Same_value_under_a_higher_ballot_is_raised(DriveFixture drive)
    {
        DataId data = drive.NextData();
        RegisterEntry entry = NullEntry(drive.NextBallot(), "one", data);
        await drive.AcceptAsync(Key("k"), entry, Bytes(100));
        RegisterEntry raised = entry with { Ballot = drive.NextBallot() };
        Expect.That((await drive.AcceptAsync(Key("k"), raised)).IsAccepted);
        RegisterView view = await drive.ReadAsync(Key("k"), withInline: true);
        Expect.Equal("one?", Show(view));
        Expect.Equal(raised.Ballot, view.Entries[0].Ballot);
        Expect.Equal(entry.Birth, view.Entries[0].Birth);
        Expect.Bytes(Bytes(100), view.Inline);
        await drive.CommitAsync(Key("k"), entry);
        Expect.Equal("one?", Show(await drive.ReadAsync(Key("k"))));
        await drive.CommitAsync(Key("k"), raised);
        Expect.Equal("one", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Committed_value_accepted_again_stays_beside_until_the_commit_clears_leftovers(DriveFixture drive)
    {
        RegisterEntry one = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "one"));
        await drive.AcceptAsync(Key("k"), NullEntry(drive.NextBallot(), "leftover"));
        RegisterEntry raised = one with { Ballot = drive.NextBallot() };
        await drive.AcceptAsync(Key("k"), raised);
        Expect.Equal("leftover? one? one", Show(await drive.ReadAsync(Key("k"))));
        await drive.CommitAsync(Key("k"), raised);
        Expect.Equal("one", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Superseded_value_stays_until_the_commit(DriveFixture drive)
    {
        DataId first = drive.NextData();
        DataId second = drive.NextData();
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "one", first), Bytes(300));
        RegisterEntry two = NullEntry(drive.NextBallot(), "two", second);
        await drive.AcceptAsync(Key("k"), two, Bytes(300, 9));
        Expect.Equal("two? one", Show(await drive.ReadAsync(Key("k"))));
        Expect.Bytes(Bytes(300), await drive.ReadShardAsync(first));
        await drive.CommitAsync(Key("k"), two);
        Expect.Equal("two", Show(await drive.ReadAsync(Key("k"))));
        Expect.Bytes(Bytes(300, 9), await drive.ReadShardAsync(second));
        await drive.ExpectNoShardAsync(first);
    }

    public static async Task Commit_drops_all_lower_ballots_of_its_slot_and_keeps_higher_ones(DriveFixture drive)
    {
        RegisterEntry[] entries = [.. "abc".Select(c => NullEntry(drive.NextBallot(), c.ToString()))];
        foreach (RegisterEntry entry in entries)
        {
            await drive.AcceptAsync(Key("k"), entry);
        }

        await drive.CommitAsync(Key("k"), entries[1]);
        Expect.Equal("c? b", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Commit_of_an_unknown_value_changes_nothing(DriveFixture drive)
    {
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "one"));
        await drive.CommitAsync(Key("k"), NullEntry(drive.NextBallot(), "unknown"));
        await drive.CommitAsync(Key("other"), NullEntry(drive.NextBallot(), "unknown"));
        Expect.Equal("one", Show(await drive.ReadAsync(Key("k"))));
        Expect.Equal("", Show(await drive.ReadAsync(Key("other"))));
    }

    public static async Task Late_commit_of_a_superseded_value_changes_nothing(DriveFixture drive)
    {
        RegisterEntry one = NullEntry(drive.NextBallot(), "one");
        await drive.AcceptAsync(Key("k"), one);
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "two"));
        await drive.CommitAsync(Key("k"), one);
        Expect.Equal("two", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Prepare_must_be_above_everything(DriveFixture drive)
    {
        Ballot low = drive.NextBallot();
        RegisterEntry one = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "one"));
        PrepareReply refused = await drive.PrepareAsync(Key("k"), low);
        Expect.Equal(new PrepareReply(false, one.Ballot, null), refused);
        Expect.That(!(await drive.PrepareAsync(Key("k"), one.Ballot)).IsPromised);
        Ballot high = drive.NextBallot();
        PrepareReply promised = await drive.PrepareAsync(Key("k"), high);
        Expect.That(promised.IsPromised);
        Expect.Equal("one", Show(promised.View!));
        Expect.That(!(await drive.PrepareAsync(Key("k"), high)).IsPromised);
    }

    public static async Task Inline_shard_comes_with_the_view_also_when_it_is_empty(DriveFixture drive)
    {
        await drive.PutAsync(Key("full"), NullEntry(drive.NextBallot(), "a", drive.NextData()), Bytes(5000));
        await drive.PutAsync(Key("empty"), NullEntry(drive.NextBallot(), "b", drive.NextData()), []);
        await drive.PutAsync(Key("none"), NullEntry(drive.NextBallot(), "c"));
        RegisterView full = await drive.ReadAsync(Key("full"), withInline: true);
        Expect.That(full.HasInline);
        Expect.Bytes(Bytes(5000), full.Inline);
        Expect.That(!(await drive.ReadAsync(Key("full"))).HasInline);
        RegisterView empty = await drive.ReadAsync(Key("empty"), withInline: true);
        Expect.That(empty.HasInline && empty.Inline.IsEmpty);
        Expect.That(!(await drive.ReadAsync(Key("none"), withInline: true)).HasInline);
    }

    public static async Task Many_accepts_at_once_take_effect_one_by_one(DriveFixture drive)
    {
        RegisterEntry[] rivals = [.. Enumerable.Range(0, 200).Select(i => NullEntry(drive.NextBallot(), "r" + i))];
        Task<AcceptReply>[] races = [.. rivals.Select((entry, i) => drive.AcceptAsync(Key("k" + i % 5), entry))];
        AcceptReply[] replies = await Task.WhenAll(races);
        for (int key = 0; key < 5; key++)
        {
            RegisterView view = await drive.ReadAsync(Key("k" + key));
            int accepted = replies.Where((reply, i) => i % 5 == key && reply.IsAccepted).Count();
            Expect.Equal(accepted, view.Entries.Count);
            Expect.Equal(view.Entries[0].Ballot, view.Promised);
            Expect.That(view.Entries.Zip(view.Entries.Skip(1)).All(pair => pair.First.Ballot > pair.Second.Ballot));
        }
    }

    public static async Task Only_one_of_many_prepares_under_one_ballot_is_promised(DriveFixture drive)
    {
        Ballot ballot = drive.NextBallot();
        PrepareReply[] replies = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => drive.PrepareAsync(Key("k"), ballot)));
        Expect.Equal(1, replies.Count(reply => reply.IsPromised));
    }

    public static async Task Cancelled_call_throws_and_others_go_on(DriveFixture drive)
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        bool threw = false;
        try
        {
            await drive.Drive.ReadAsync(Key("k"), null, false, cancelled.Token);
        }
        catch (OperationCanceledException)
        {
            threw = true;
        }

        Expect.That(threw);
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "one"));
    }
}
