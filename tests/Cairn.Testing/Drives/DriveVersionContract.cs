using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.Testing.Drives;

/// <summary>Slots side by side: versions, the null version among them, tombstones, and what is forgotten.</summary>
internal static class DriveVersionContract
{
    public static async Task Newer_version_leaves_the_older_one_readable(DriveFixture drive)
    {
        RegisterEntry one = await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "one"));
        RegisterEntry two = await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "two"));
        Expect.Equal("two", Show(await drive.ReadAsync(Key("k"))));
        Expect.Equal("two one", Show(await drive.ReadAsync(Key("k"), one.Slot)));
        Expect.Equal("two", Show(await drive.ReadAsync(Key("k"), two.Slot)));
        Expect.Equal("two", Show(await drive.ReadAsync(Key("k"), new VersionId(drive.NextBallot()))));
    }

    public static async Task Inline_of_the_slot_that_was_asked_for(DriveFixture drive)
    {
        RegisterEntry one = await drive.PutAsync(
            Key("k"), VersionEntry(drive.NextBallot(), "one", drive.NextData()), Bytes(50));
        await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "two", drive.NextData()), Bytes(60));
        Expect.Bytes(Bytes(60), (await drive.ReadAsync(Key("k"), withInline: true)).Inline);
        Expect.Bytes(Bytes(50), (await drive.ReadAsync(Key("k"), one.Slot, withInline: true)).Inline);
    }

    public static async Task Removal_of_the_current_version_brings_back_the_newest_live_one(DriveFixture drive)
    {
        RegisterEntry[] versions = await PutVersionsAsync(drive, 4);
        await drive.PutAsync(Key("k"), Tombstone(versions[3], drive.NextBallot()));
        Expect.Equal("removed v2", Show(await drive.ReadAsync(Key("k"))));
        await drive.PutAsync(Key("k"), Tombstone(versions[1], drive.NextBallot()));
        Expect.Equal("removed v2", Show(await drive.ReadAsync(Key("k"))));
        await drive.PutAsync(Key("k"), Tombstone(versions[2], drive.NextBallot()));
        Expect.Equal("removed removed removed v0", Show(await drive.ReadAsync(Key("k"))));
        await drive.ReopenAsync();
        Expect.Equal("removed removed removed v0", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Pending_removal_shows_beside_the_version(DriveFixture drive)
    {
        RegisterEntry[] versions = await PutVersionsAsync(drive, 2);
        RegisterEntry tombstone = Tombstone(versions[0], drive.NextBallot());
        await drive.AcceptAsync(Key("k"), tombstone);
        Expect.Equal("v1 removed? v0", Show(await drive.ReadAsync(Key("k"))));
        Expect.Equal("v1 removed? v0", Show((await drive.PrepareAsync(Key("k"), drive.NextBallot())).View!));
        await drive.CommitAsync(Key("k"), tombstone);
        Expect.Equal("v1", Show(await drive.ReadAsync(Key("k"))));
        Expect.Equal("v1 removed", Show(await drive.ReadAsync(Key("k"), versions[0].Slot)));
    }

    public static async Task Prepare_shows_the_slot_that_was_asked_for(DriveFixture drive)
    {
        RegisterEntry[] versions = await PutVersionsAsync(drive, 3);
        PrepareReply reply = await drive.PrepareAsync(Key("k"), drive.NextBallot(), versions[0].Slot);
        Expect.Equal("v2 v0", Show(reply.View!));
        Expect.Equal("v2", Show(await drive.ReadAsync(Key("k"))));
        Expect.Equal("v2 v1", Show(await drive.ReadAsync(Key("k"), versions[1].Slot)));
        Expect.Equal("v2 v0", Show(await drive.ReadAsync(Key("k"), versions[0].Slot)));
    }

    public static async Task New_value_of_a_noncurrent_version_keeps_its_place_and_data(DriveFixture drive)
    {
        DataId data = drive.NextData();
        RegisterEntry one = await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "one", data), Bytes(10));
        await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "two"));
        RegisterEntry tagged = one with { Ballot = drive.NextBallot(), Body = "tagged"u8.ToArray() };
        await drive.AcceptAsync(Key("k"), tagged);
        Expect.Equal("two tagged? one", Show(await drive.ReadAsync(Key("k"))));
        await drive.CommitAsync(Key("k"), tagged);
        Expect.Equal("two tagged", Show(await drive.ReadAsync(Key("k"), one.Slot)));
        Expect.Bytes(Bytes(10), (await drive.ReadAsync(Key("k"), one.Slot, withInline: true)).Inline);
        Expect.Bytes(Bytes(10), await drive.ReadShardAsync(data));
    }

    public static async Task Null_version_is_replaced_wherever_it_stands(DriveFixture drive)
    {
        DataId data = drive.NextData();
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "old-null", data), Bytes(10));
        await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "v"));
        Expect.Equal("v old-null", Show(await drive.ReadAsync(Key("k"), VersionId.Null)));
        RegisterEntry replacement = NullEntry(drive.NextBallot(), "new-null");
        await drive.AcceptAsync(Key("k"), replacement);
        Expect.Equal("new-null? v old-null", Show(await drive.ReadAsync(Key("k"))));
        await drive.CommitAsync(Key("k"), replacement);
        Expect.Equal("new-null", Show(await drive.ReadAsync(Key("k"), VersionId.Null)));
        await drive.ExpectNoShardAsync(data);
        await drive.PutAsync(Key("k"), Tombstone(replacement, drive.NextBallot()));
        Expect.Equal("removed v", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Null_version_moves_back_and_forth(DriveFixture drive)
    {
        RegisterEntry first = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "null"));
        RegisterEntry version = await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "v"));
        await drive.PutAsync(Key("k"), Tombstone(version, drive.NextBallot()));
        Expect.Equal("removed null", Show(await drive.ReadAsync(Key("k"), VersionId.Null)));
        RegisterEntry tagged = first with { Ballot = drive.NextBallot(), Body = "tagged"u8.ToArray() };
        await drive.PutAsync(Key("k"), tagged);
        await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "w"));
        await drive.ReopenAsync();
        Expect.Equal("w tagged", Show(await drive.ReadAsync(Key("k"), VersionId.Null)));
    }

    public static async Task Version_that_arrives_late_takes_its_place_by_birth(DriveFixture drive)
    {
        Ballot early = drive.NextBallot();
        await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "current"));
        RegisterEntry repaired = VersionEntry(early, "early") with { Ballot = drive.NextBallot() };
        await drive.PutAsync(Key("k"), repaired);
        Expect.Equal("current", Show(await drive.ReadAsync(Key("k"))));
        Expect.Equal("current early", Show(await drive.ReadAsync(Key("k"), repaired.Slot)));
    }

    public static async Task Forgotten_tombstone_leaves_nothing_but_the_floor(DriveFixture drive)
    {
        RegisterEntry late = NullEntry(drive.NextBallot(), "late");
        RegisterEntry entry = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "one", drive.NextData()), Bytes(9));
        RegisterEntry tombstone = await drive.PutAsync(Key("k"), Tombstone(entry, drive.NextBallot()));
        Expect.Equal("removed", Show(await drive.ReadAsync(Key("k"))));
        await drive.ExpectNoShardAsync(entry.Data[0]);
        await Expect.Ok(drive.Drive.ForgetAsync(Key("k"), tombstone.Slot, tombstone.Ballot, default));
        Expect.Equal("", Show(await drive.ReadAsync(Key("k"))));
        await drive.ReopenAsync();
        AcceptReply refused = await drive.AcceptAsync(Key("k"), late);
        Expect.Equal(new AcceptReply(false, true, tombstone.Ballot), refused);
        Expect.That(!(await drive.AcceptAsync(Key("other"), late)).IsAccepted);
        Expect.That(!(await drive.PrepareAsync(Key("k"), late.Ballot)).IsPromised);
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "new"));
    }

    /// <summary>What may have been forgotten of a register that holds nothing, however high its promise is.</summary>
    public static async Task Register_without_entries_tells_what_the_drive_has_forgotten(DriveFixture drive)
    {
        Expect.Equal(Ballot.Zero, await FloorOfAsync(drive));
        RegisterEntry blind = await drive.PutAsync(Key("other"), Tombstone(NullEntry(drive.NextBallot(), "one"), drive.NextBallot()));
        await drive.PrepareAsync(Key("other"), drive.NextBallot());
        await Expect.Ok(drive.Drive.ForgetAsync(Key("other"), blind.Slot, blind.Ballot, default));
        Expect.Equal(blind.Ballot, await FloorOfAsync(drive));
        Ballot since = drive.NextBallot();
        RegisterEntry asked = Tombstone(NullEntry(drive.NextBallot(), "two"), drive.NextBallot()) with { AloneSince = since };
        await drive.PutAsync(Key("other"), asked);
        await Expect.Ok(drive.Drive.ForgetAsync(Key("other"), asked.Slot, asked.Ballot, default));
        Expect.Equal(since, await FloorOfAsync(drive));
        await drive.ReopenAsync();
        Expect.Equal(since, await FloorOfAsync(drive));
    }

    public static async Task Forget_needs_the_committed_tombstone(DriveFixture drive)
    {
        RegisterEntry entry = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "one"));
        RegisterEntry tombstone = Tombstone(entry, drive.NextBallot());
        await drive.AcceptAsync(Key("k"), tombstone);
        await Expect.Ok(drive.Drive.ForgetAsync(Key("k"), tombstone.Slot, tombstone.Ballot, default));
        await Expect.Ok(drive.Drive.ForgetAsync(Key("k"), entry.Slot, entry.Ballot, default));
        Expect.Equal("removed? one", Show(await drive.ReadAsync(Key("k"))));
    }

    public static async Task Forgotten_noncurrent_tombstone_leaves_the_rest(DriveFixture drive)
    {
        RegisterEntry[] versions = await PutVersionsAsync(drive, 3);
        RegisterEntry tombstone = await drive.PutAsync(Key("k"), Tombstone(versions[1], drive.NextBallot()));
        await Expect.Ok(drive.Drive.ForgetAsync(Key("k"), tombstone.Slot, tombstone.Ballot, default));
        Expect.Equal("v2", Show(await drive.ReadAsync(Key("k"), versions[1].Slot)));
        Expect.Equal("v2 v0", Show(await drive.ReadAsync(Key("k"), versions[0].Slot)));
    }

    public static async Task Evicted_register_is_gone_with_its_data_and_its_promise(DriveFixture drive)
    {
        Ballot early = drive.NextBallot();
        await PutVersionsAsync(drive, 3);
        RegisterEntry owner = await drive.PutAsync(
            Key("k"), VersionEntry(drive.NextBallot(), "with data", drive.NextData()), Bytes(9));
        RegisterEntry pending = VersionEntry(drive.NextBallot(), "pending");
        await drive.AcceptAsync(Key("k"), pending);
        RegisterEntry other = await drive.PutAsync(Key("k2"), NullEntry(drive.NextBallot(), "other", drive.NextData()), Bytes(9));
        await Expect.Ok(drive.Drive.EvictAsync(Key("k"), default));
        await Expect.Ok(drive.Drive.EvictAsync(Key("unknown"), default));
        await drive.ReopenAsync();
        Expect.Equal("", Show(await drive.ReadAsync(Key("k"), owner.Slot)));
        await drive.ExpectNoShardAsync(owner.Data[0]);
        Expect.Equal("other", Show(await drive.ReadAsync(Key("k2"))));
        IShardReader kept = await Expect.Ok(drive.Drive.OpenShardAsync(other.Data[0], default));
        await kept.DisposeAsync();
        Expect.That((await drive.AcceptAsync(Key("k"), VersionEntry(early, "begins anew"))).IsAccepted);
    }

    public static async Task All_versions_removed_and_forgotten(DriveFixture drive)
    {
        RegisterEntry[] versions = await PutVersionsAsync(drive, 5);
        foreach (RegisterEntry version in versions.Reverse())
        {
            RegisterEntry tombstone = await drive.PutAsync(Key("k"), Tombstone(version, drive.NextBallot()));
            await Expect.Ok(drive.Drive.ForgetAsync(Key("k"), tombstone.Slot, tombstone.Ballot, default));
        }

        RegisterView view = await drive.ReadAsync(Key("k"));
        Expect.Equal("", Show(view));
        Expect.Equal(Ballot.Zero, view.Promised);
    }

    // A promise, a read and a listing tell the same, below a promise that is higher.
    private static async Task<Ballot> FloorOfAsync(DriveFixture drive)
    {
        await drive.PrepareAsync(Key("k"), drive.NextBallot());
        PrepareReply promise = await drive.PrepareAsync(Key("k"), drive.NextBallot());
        Expect.Equal(promise.View!.Floor, (await drive.ReadAsync(Key("k"))).Floor);
        ListRequest listing = new() { Space = Key("k").Space, Bucket = Key("k").Bucket, Limit = 10 };
        Expect.Equal(promise.View.Floor, (await Expect.Ok(drive.Drive.ListAsync(listing, default))).Floor);
        return promise.View.Floor;
    }

    private static async Task<RegisterEntry[]> PutVersionsAsync(DriveFixture drive, int count)
    {
        RegisterEntry[] versions = new RegisterEntry[count];
        for (int i = 0; i < count; i++)
        {
            versions[i] = await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "v" + i));
        }

        return versions;
    }
}
