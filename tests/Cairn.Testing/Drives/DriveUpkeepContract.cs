using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.Testing.Drives;

/// <summary>Journal, closed buckets, recovery, room.</summary>
internal static class DriveUpkeepContract
{
    private static readonly DriveId Absent = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));
    private static readonly DriveId AlsoAbsent = new(new Guid("00112233-4455-6677-8899-aabbccddef00"));

    public static async Task Missed_writes_are_kept_until_they_are_cleared(DriveFixture drive)
    {
        RegisterEntry a = NullEntry(drive.NextBallot(), "a");
        RegisterEntry b = VersionEntry(drive.NextBallot(), "b");
        await drive.AcceptAsync(Key("a"), a);
        await drive.CommitAsync(Key("a"), a, Absent, AlsoAbsent);
        await drive.CommitAsync(Key("b"), b, Absent);
        await drive.ReopenAsync();
        MissedWrite lineA = new(Absent, Key("a"), a.Slot, a.Ballot);
        MissedWrite lineB = new(Absent, Key("b"), b.Slot, b.Ballot);
        Expect.That((await ListAsync(drive, Absent)).SequenceEqual([lineA, lineB]));
        Expect.Equal(1, (await ListAsync(drive, AlsoAbsent)).Count);
        await Expect.Ok(drive.Drive.ClearMissedAsync([lineA], default));
        Expect.That((await ListAsync(drive, Absent)).SequenceEqual([lineB]));
        Expect.Equal(1, (await ListAsync(drive, AlsoAbsent)).Count);
    }

    public static async Task Newer_miss_survives_the_clearing_of_an_older_one(DriveFixture drive)
    {
        RegisterEntry one = NullEntry(drive.NextBallot(), "one");
        RegisterEntry two = NullEntry(drive.NextBallot(), "two");
        await drive.CommitAsync(Key("k"), one, Absent);
        await drive.CommitAsync(Key("k"), two, Absent);
        await drive.CommitAsync(Key("k"), one, Absent);
        MissedWrite newest = new(Absent, Key("k"), two.Slot, two.Ballot);
        Expect.That((await ListAsync(drive, Absent)).SequenceEqual([newest]));
        await Expect.Ok(drive.Drive.ClearMissedAsync([newest with { Ballot = one.Ballot }], default));
        Expect.That((await ListAsync(drive, Absent)).SequenceEqual([newest]));
    }

    public static async Task Journal_pages_go_on_behind_a_register(DriveFixture drive)
    {
        string[] names = ["a", "a\u0001", "a!", "b", "b/c"];
        foreach (string name in names)
        {
            await drive.CommitAsync(Key(name), NullEntry(drive.NextBallot(), "null"), Absent);
            await drive.CommitAsync(Key(name), VersionEntry(drive.NextBallot(), "v1"), Absent);
            await drive.CommitAsync(Key(name), VersionEntry(drive.NextBallot(), "v2"), Absent);
        }

        List<MissedWrite> seen = [];
        while (await Expect.Ok(drive.Drive.ListMissedAsync(
            Absent, seen.Count == 0 ? null : seen[^1].Key, 2, default)) is { Count: > 0 } page)
        {
            seen.AddRange(page);
        }

        Expect.Equal(15, seen.Count);
        Expect.Equal(15, seen.Distinct().Count());
        Expect.That(seen.Zip(seen.Skip(1)).All(pair => pair.First.Key <= pair.Second.Key));
    }

    public static async Task Closed_bucket_takes_no_values_but_removals(DriveFixture drive)
    {
        RegisterEntry entry = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "one"));
        await Expect.Ok(drive.Drive.SetBucketGateAsync(new BucketGate(Bucket, 1, IsClosed: true), default));
        await drive.ReopenAsync();
        AcceptReply refused = await drive.AcceptAsync(Key("k"), NullEntry(drive.NextBallot(), "two"));
        Expect.That(!refused.IsAccepted && refused.IsBucketClosed);
        refused = await drive.AcceptAsync(Key("k", RegisterSpace.Uploads), NullEntry(drive.NextBallot(), "two"));
        Expect.That(refused.IsBucketClosed);
        Expect.Equal("one", Show(await drive.ReadAsync(Key("k"))));
        await drive.PutAsync(Key("k"), Tombstone(entry, drive.NextBallot()));
        RegisterKey other = RegisterKey.Of(RegisterSpace.Objects, new BucketId(8), "k"u8);
        Expect.That((await drive.AcceptAsync(other, NullEntry(drive.NextBallot(), "x"))).IsAccepted);
        await Expect.Ok(drive.Drive.SetBucketGateAsync(new BucketGate(Bucket, 1, IsClosed: false), default));
        Expect.That((await drive.AcceptAsync(Key("k"), NullEntry(drive.NextBallot(), "two"))).IsAccepted);
    }

    /// <summary>Several nodes may be at the same bucket, and what one of them has said may come late.</summary>
    public static async Task Late_order_about_a_bucket_changes_nothing(DriveFixture drive)
    {
        await Expect.Ok(drive.Drive.SetBucketGateAsync(new BucketGate(Bucket, 2, IsClosed: true), default));
        await drive.ReopenAsync();
        foreach (bool isClosed in new[] { true, false })
        {
            Expect.Equal(
                DriveFault.Superseded, await drive.Drive.SetBucketGateAsync(new BucketGate(Bucket, 1, isClosed), default));
        }

        Expect.That((await drive.AcceptAsync(Key("k"), NullEntry(drive.NextBallot(), "one"))).IsBucketClosed);
        Expect.Equal(
            new BucketGate(Bucket, 2, IsClosed: true),
            (await Expect.Ok(drive.Drive.ListBucketGatesAsync(default))).Single());
        await Expect.Ok(drive.Drive.SetBucketGateAsync(new BucketGate(Bucket, 2, IsClosed: false), default));
        await drive.ReopenAsync();
        Expect.Equal(
            DriveFault.Superseded, await drive.Drive.SetBucketGateAsync(new BucketGate(Bucket, 2, IsClosed: true), default));
        Expect.That((await drive.AcceptAsync(Key("k"), NullEntry(drive.NextBallot(), "one"))).IsAccepted);
    }

    public static async Task Room_is_told(DriveFixture drive)
    {
        DriveUsage usage = await Expect.Ok(drive.Drive.StatAsync(default));
        Expect.That(usage.TotalBytes > 0 && usage.FreeBytes > 0 && usage.FreeBytes <= usage.TotalBytes);
    }

    public static async Task Closed_drive_answers_offline(DriveFixture drive)
    {
        IDrive closed = drive.Drive;
        await closed.DisposeAsync();
        await closed.DisposeAsync();
        Expect.Equal(DriveState.Offline, closed.State);
        await Expect.Fault(DriveFault.Offline, closed.ReadAsync(Key("k"), null, false, default));
        await Expect.Fault(DriveFault.Offline, closed.PrepareAsync(Key("k"), drive.NextBallot(), null, default));
        await Expect.Fault(DriveFault.Offline, closed.OpenShardAsync(drive.NextData(), default));
        await Expect.Fault(DriveFault.Offline, closed.CreateShardAsync(drive.NextData(), 0, default));
        await Expect.Fault(DriveFault.Offline, closed.StatAsync(default));
        Expect.Equal(DriveFault.Offline, await closed.DropShardAsync(drive.NextData(), default));
    }

    private static Task<IReadOnlyList<MissedWrite>> ListAsync(DriveFixture drive, DriveId missing) =>
        Expect.Ok(drive.Drive.ListMissedAsync(missing, null, 100, default));
}
