using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.Testing.Drives;

/// <summary>Listings: order, ranges, common prefixes, versions, limits, and how one page goes on where another ended.</summary>
internal static class DriveListContract
{
    public static async Task Registers_come_in_byte_order_and_only_those_asked_for(DriveFixture drive)
    {
        string[] names = ["b", "a", "a/b", "a/", "ab", "a!", "\u00e4", "A", "c/d/e"];
        foreach (string name in names)
        {
            await drive.PutAsync(Key(name), NullEntry(drive.NextBallot(), name));
        }

        await drive.PutAsync(Key("upload", RegisterSpace.Uploads), NullEntry(drive.NextBallot(), "x"));
        RegisterKey elsewhere = RegisterKey.Of(RegisterSpace.Objects, new BucketId(8), "a"u8);
        await drive.PutAsync(elsewhere, NullEntry(drive.NextBallot(), "x"));
        Expect.Equal("A,a,a!,a/,a/b,ab,b,c/d/e,\u00e4", Names(await ListAsync(drive, Request())));
        Expect.Equal("a,a!,a/,a/b,ab", Names(await ListAsync(drive, Request(prefix: "a"))));
        Expect.Equal("a/b,ab,b,c/d/e,\u00e4", Names(await ListAsync(drive, Request(from: "a/\0"))));
        Expect.Equal("ab", Names(await ListAsync(drive, Request(prefix: "a", from: "a0"))));
        Expect.Equal("", Names(await ListAsync(drive, Request(prefix: "a", from: "b"))));
        Expect.Equal("a,a!,a/,a/b,ab", Names(await ListAsync(drive, Request(prefix: "a", from: "A"))));
    }

    public static async Task Pages_follow_each_other_without_gap_or_repetition(DriveFixture drive)
    {
        for (int i = 0; i < 25; i++)
        {
            await drive.PutAsync(Key($"k{i:00}"), NullEntry(drive.NextBallot(), "v"));
        }

        foreach (int limit in (int[])[1, 3, 5, 24, 25, 26])
        {
            List<string> seen = [];
            string from = "";
            ListReply reply;
            do
            {
                reply = await ListAsync(drive, Request(from: from, limit: limit));
                Expect.That(reply.Rows.Count <= limit);
                seen.AddRange(reply.Rows.Select(NameOf));
                from = seen[^1] + "\0";
            }
            while (!reply.IsEnd);
            Expect.Equal(string.Join(',', Enumerable.Range(0, 25).Select(i => $"k{i:00}")), string.Join(',', seen));
        }
    }

    public static async Task End_is_told_exactly(DriveFixture drive)
    {
        await drive.PutAsync(Key("a"), NullEntry(drive.NextBallot(), "v"));
        await drive.PutAsync(Key("b"), NullEntry(drive.NextBallot(), "v"));
        Expect.That(!(await ListAsync(drive, Request(limit: 1))).IsEnd);
        Expect.That((await ListAsync(drive, Request(limit: 2))).IsEnd);
        Expect.That((await ListAsync(drive, Request(prefix: "zz"))).IsEnd);
    }

    public static async Task Common_prefix_shows_its_first_live_register_only(DriveFixture drive)
    {
        foreach (string name in (string[])["a", "d1/x", "d1/y", "d1/z/q", "d2/x", "e"])
        {
            await drive.PutAsync(Key(name), NullEntry(drive.NextBallot(), name));
        }

        Expect.Equal("a,d1/x,d2/x,e", Names(await ListAsync(drive, Request(delimiter: "/"))));
        Expect.Equal("d1/x,d1/y,d1/z/q", Names(await ListAsync(drive, Request(prefix: "d1/", delimiter: "/"))));
        Expect.Equal("d1/y,d2/x,e", Names(await ListAsync(drive, Request(from: "d1/x\0", delimiter: "/"))));
        Expect.Equal("a,d1/x,d2/x,e", Names(await ListAsync(drive, Request(delimiter: "1/"))));
        Expect.Equal("d2/x,e", Names(await ListAsync(drive, Request(from: "d10", delimiter: "/"))));
    }

    public static async Task Common_prefix_goes_on_until_something_lives(DriveFixture drive)
    {
        RegisterEntry dead = await drive.PutAsync(Key("d/1"), NullEntry(drive.NextBallot(), "dead"));
        await drive.PutAsync(Key("d/1"), Tombstone(dead, drive.NextBallot()));
        await drive.AcceptAsync(Key("d/2"), NullEntry(drive.NextBallot(), "pending"));
        await drive.PutAsync(Key("d/3"), NullEntry(drive.NextBallot(), "alive"));
        await drive.PutAsync(Key("d/4"), NullEntry(drive.NextBallot(), "hidden"));
        Expect.Equal("d/1,d/2,d/3", Names(await ListAsync(drive, Request(delimiter: "/"))));
    }

    public static async Task Tombstones_and_pending_values_are_listed_promises_are_not(DriveFixture drive)
    {
        RegisterEntry dead = await drive.PutAsync(Key("dead"), NullEntry(drive.NextBallot(), "x"));
        await drive.PutAsync(Key("dead"), Tombstone(dead, drive.NextBallot()));
        await drive.AcceptAsync(Key("pending"), NullEntry(drive.NextBallot(), "x"));
        await drive.PrepareAsync(Key("promised"), drive.NextBallot());
        ListReply reply = await ListAsync(drive, Request());
        Expect.Equal("dead,pending", Names(reply));
        Expect.Equal("removed", Show(reply.Rows[0].Entries));
        Expect.Equal("x?", Show(reply.Rows[1].Entries));
    }

    public static async Task All_versions_newest_first_with_tombstones(DriveFixture drive)
    {
        RegisterEntry[] a = await PutVersionsAsync(drive, "a", 3);
        await PutVersionsAsync(drive, "b", 2);
        await drive.PutAsync(Key("a"), Tombstone(a[1], drive.NextBallot()));
        ListReply reply = await ListAsync(drive, Request() with { AllVersions = true });
        Expect.Equal("a,b", Names(reply));
        Expect.Equal("a2 removed a0", Show(reply.Rows[0].Entries));
        Expect.Equal("b1 b0", Show(reply.Rows[1].Entries));
        Expect.Equal("a2", Show((await ListAsync(drive, Request())).Rows[0].Entries));
    }

    public static async Task Version_pages_follow_each_other_within_a_register(DriveFixture drive)
    {
        await PutVersionsAsync(drive, "a", 7);
        await PutVersionsAsync(drive, "b", 4);
        await PutVersionsAsync(drive, "c", 1);
        foreach (int limit in (int[])[1, 2, 3, 5, 11, 12, 13])
        {
            Expect.Equal("a6 a5 a4 a3 a2 a1 a0 b3 b2 b1 b0 c0", string.Join(' ', await WalkVersionsAsync(drive, limit)));
        }
    }

    private static async Task<List<string>> WalkVersionsAsync(DriveFixture drive, int limit)
    {
        List<string> seen = [];
        ListRequest request = Request(limit: limit) with { AllVersions = true };
        while (true)
        {
            ListReply reply = await ListAsync(drive, request);
            seen.AddRange(reply.Rows.SelectMany(row => row.Entries).Select(BodyOf));
            if (reply.IsEnd)
            {
                return seen;
            }

            ListRow last = reply.Rows[^1];
            request = last.IsCut
                ? request with { From = last.Name, OlderThan = last.Entries[^1].Birth }
                : request with { From = (byte[])[.. last.Name.Span, 0], OlderThan = null };
        }
    }

    private static async Task<RegisterEntry[]> PutVersionsAsync(DriveFixture drive, string name, int count)
    {
        RegisterEntry[] versions = new RegisterEntry[count];
        for (int i = 0; i < count; i++)
        {
            versions[i] = await drive.PutAsync(Key(name), VersionEntry(drive.NextBallot(), name + i));
        }

        return versions;
    }

    private static ListRequest Request(string prefix = "", string from = "", string delimiter = "", int limit = 1000) =>
        new()
        {
            Space = RegisterSpace.Objects,
            Bucket = Bucket,
            Prefix = System.Text.Encoding.UTF8.GetBytes(prefix),
            From = System.Text.Encoding.UTF8.GetBytes(from),
            Delimiter = System.Text.Encoding.UTF8.GetBytes(delimiter),
            Limit = limit,
        };

    private static Task<ListReply> ListAsync(DriveFixture drive, ListRequest request) =>
        Expect.Ok(drive.Drive.ListAsync(request, default));

    private static string NameOf(ListRow row) => System.Text.Encoding.UTF8.GetString(row.Name.Span);

    private static string Names(ListReply reply) => string.Join(',', reply.Rows.Select(NameOf));
}
