using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit.Listing;

/// <remarks>
/// Method: registers are written through the quorum while drives are taken away, so that replicas differ; then listed
/// with different drives at hand. What is listed must be what reads would say. Drives are local drives on simulated
/// disks; each scenario runs under several seeds.
/// </remarks>
public sealed class RegisterListingTests
{
    private static readonly RegisterDraft Removal = new() { Slot = VersionId.Null, IsRemoval = true };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Registers_come_in_byte_order_page_by_page(int drives) => QuorumFixture.Run(drives, async store =>
    {
        string[] names = ["b", "a", "a/b", "a/", "ab", "a!", "A", "c/d/e"];
        await WriteAllAsync(store, names);
        foreach (int limit in (int[])[1, 2, 3, 8, 9])
        {
            Assert.Equal(
                "A=A a=a a!=a! a/=a/ a/b=a/b ab=ab b=b c/d/e=c/d/e",
                await ListingWalk.ShowAsync(store, ListingWalk.Request(limit: limit)));
        }

        Assert.Equal(
            "a=a a!=a! a/=a/ a/b=a/b ab=ab", await ListingWalk.ShowAsync(store, ListingWalk.Request(prefix: "a")));
        Assert.Equal(
            "a/b=a/b ab=ab b=b c/d/e=c/d/e", await ListingWalk.ShowAsync(store, ListingWalk.Request(from: "a/\0")));
    });

    [Fact]
    public void What_a_write_has_reported_is_listed_whichever_drives_answer() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, ["a", "b"]);
        store.Drives[3].IsOffline = true;
        await store.WriteAsync(QuorumFixture.Key("b"), "new");
        await WriteAllAsync(store, ["c"]);
        store.Drives[3].IsOffline = false;
        await ForEachPairAsync(
            store, async () => Assert.Equal("a=a b=new c=c", await ListingWalk.ShowAsync(store, ListingWalk.Request())));
    });

    [Fact]
    public void A_delete_that_a_drive_missed_brings_no_ghost() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, ["a", "b", "c"]);
        await store.SettleAsync();
        store.Drives[3].IsOffline = true;
        await RemoveAllAsync(store, ["b"]);
        await store.SettleAsync();
        store.Drives[3].IsOffline = false;
        await ForEachPairAsync(
            store, async () => Assert.Equal("a=a c=c", await ListingWalk.ShowAsync(store, ListingWalk.Request())));
    });

    [Fact]
    public void A_value_that_may_have_been_chosen_is_settled_before_it_is_shown_or_hidden() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, ["a", "c"]);
        await store.SettleAsync();
        await AcceptAsync(store, "a", "new", [0]);
        await AcceptAsync(store, "b", "alone", [1]);
        await AcceptAsync(store, "c", "chosen", [0, 1, 2]);
        ListingWalk.Hear(store, 0, 1);
        string listed = await ListingWalk.ShowAsync(store, ListingWalk.Request());
        Assert.Contains("c=chosen", listed, StringComparison.Ordinal);
        await ForEachPairAsync(
            store, async () => Assert.Equal(listed, await ListingWalk.ShowAsync(store, ListingWalk.Request())));
    });

    [Fact]
    public void A_common_prefix_is_shown_once_and_its_rest_is_skipped() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, ["a", "d1/x", "d1/y", "d1/z/q", "d2/x", "e"]);
        foreach (int limit in (int[])[1, 2, 10])
        {
            Assert.Equal(
                "a=a d1/ d2/ e=e", await ListingWalk.ShowAsync(store, ListingWalk.Request(delimiter: "/", limit: limit)));
        }

        Assert.Equal(
            "d1/x=d1/x d1/y=d1/y d1/z/",
            await ListingWalk.ShowAsync(store, ListingWalk.Request(prefix: "d1/", delimiter: "/")));
        Assert.Equal(
            "a=a d1/ d2/x=d2/x e=e", await ListingWalk.ShowAsync(store, ListingWalk.Request(delimiter: "1/", limit: 1)));
    });

    [Fact]
    public void A_prefix_whose_evidence_was_deleted_behind_a_drives_back_is_looked_into() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, ["a/1", "a/2", "a/3", "b/1", "b/2", "c"]);
        await store.SettleAsync();
        store.Drives[0].IsOffline = true;
        await RemoveAllAsync(store, ["a/1", "a/2", "b/1", "b/2"]);
        await store.SettleAsync();
        store.Drives[0].IsOffline = false;
        await ForEachPairAsync(store, async () => Assert.Equal(
            "a/ c=c", await ListingWalk.ShowAsync(store, ListingWalk.Request(delimiter: "/", limit: 3))));
    });

    [Fact]
    public void What_lies_behind_false_evidence_on_the_same_drive_is_found() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, ["a/1", "a/3", "b"]);
        await store.SettleAsync();
        store.Drives[0].IsOffline = true;
        await RemoveAllAsync(store, ["a/1", "a/3"]);
        await store.SettleAsync();
        store.Drives[0].IsOffline = false;
        store.Drives[1].IsOffline = true;
        await WriteAllAsync(store, ["a/2"]);
        await store.SettleAsync();
        store.Drives[1].IsOffline = false;
        await ForEachPairAsync(store, async () => Assert.Equal(
            "a/ b=b", await ListingWalk.ShowAsync(store, ListingWalk.Request(delimiter: "/"))));
        await ForEachPairAsync(store, async () => Assert.Equal(
            "a/ b=b", await ListingWalk.ShowAsync(store, ListingWalk.Request(delimiter: "/") with { AllVersions = true })));
    });

    [Fact]
    public void A_stale_drive_costs_no_question_per_deleted_key() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, [.. Enumerable.Range(0, 60).Select(i => $"p/{i:00}"), "q"]);
        await store.SettleAsync();
        store.Drives[0].IsOffline = true;
        await RemoveAllAsync(store, [.. Enumerable.Range(0, 60).Select(i => $"p/{i:00}")]);
        await store.SettleAsync();
        store.Drives[0].IsOffline = false;
        ListingWalk.Hear(store, 0, 1);
        int before = store.Drives[1].CallsOf("List");
        Assert.Equal("q=q", await ListingWalk.ShowAsync(store, ListingWalk.Request(delimiter: "/")));
        Assert.InRange(store.Drives[1].CallsOf("List") - before, 1, 5);
    }, seeds: 1);

    [Fact]
    public void Versions_are_merged_and_pages_go_on_inside_a_register() => QuorumFixture.Run(4, async store =>
    {
        for (int i = 0; i < 9; i++)
        {
            store.Drives[i % 4].IsOffline = true;
            Assert.True((await store.WriteAsync(QuorumFixture.Key("a"), "a" + i, isVersion: i % 4 > 0)).IsOk);
            Assert.True((await store.WriteAsync(QuorumFixture.Key("b"), "b" + i, isVersion: true)).IsOk);
            store.Drives[i % 4].IsOffline = false;
        }

        await store.SettleAsync();
        foreach (int limit in (int[])[1, 2, 3, 5, 20])
        {
            ListRequest request = ListingWalk.Request(limit: limit) with { AllVersions = true };
            await ForEachPairAsync(store, async () => Assert.Equal(
                "a=a8,a7,a6,a5,a3,a2,a1 b=b8,b7,b6,b5,b4,b3,b2,b1,b0", await ListingWalk.ShowAsync(store, request)));
        }
    }, seeds: 2);

    [Fact]
    public void An_older_null_version_on_a_stale_drive_does_not_come_back_on_a_later_page() => QuorumFixture.Run(4, async store =>
    {
        RegisterKey key = QuorumFixture.Key("a");
        await store.WriteAsync(key, "null1");
        await store.WriteAsync(key, "v1", isVersion: true);
        await store.SettleAsync();
        store.Drives[0].IsOffline = true;
        await store.WriteAsync(key, "null2");
        await store.WriteAsync(key, "v2", isVersion: true);
        await store.SettleAsync();
        store.Drives[0].IsOffline = false;
        foreach (int limit in (int[])[1, 2, 3])
        {
            ListRequest request = ListingWalk.Request(limit: limit) with { AllVersions = true };
            await ForEachPairAsync(
                store, async () => Assert.Equal("a=v2,null2,v1", await ListingWalk.ShowAsync(store, request)));
        }
    });

    [Fact]
    public void A_drive_that_fails_on_the_way_is_replaced_and_too_few_are_reported() => QuorumFixture.Run(4, async store =>
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(i => $"k{i:00}")];
        await WriteAllAsync(store, names);
        string all = string.Join(' ', names.Select(name => $"{name}={name}"));
        foreach (FaultyDrive drive in store.Drives[..2])
        {
            ListingWalk.Fail(drive, pages: 2);
        }

        Assert.Equal(all, await ListingWalk.ShowAsync(store, ListingWalk.Request(limit: 7)));
        ListingWalk.Hear(store, 2);
        Assert.Equal(ObjectError.ReadQuorumLost, (await store.Quorum.ListAsync(ListingWalk.Request(), default)).Error);
    });

    [Fact]
    public void A_recovering_drive_is_not_counted() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, ["a", "b"]);
        await store.SettleAsync();
        await store.ReplaceAsync(0);
        Assert.Equal("a=a b=b", await ListingWalk.ShowAsync(store, ListingWalk.Request()));
        Assert.Equal(0, store.Drives[0].CallsOf("List"));
        ListingWalk.Hear(store, 0, 1);
        Assert.Equal(ObjectError.ReadQuorumLost, (await store.Quorum.ListAsync(ListingWalk.Request(), default)).Error);
    });

    [Fact]
    public void A_hung_drive_holds_a_listing_up_only_shortly() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, ["a", "b"]);
        await store.SettleAsync();
        store.Drives[1].Hang();
        for (int i = 0; i < 4; i++)
        {
            Task<string> listed = ListingWalk.ShowAsync(store, ListingWalk.Request());
            Assert.Same(listed, await Task.WhenAny(listed, store.DelayAsync(TimeSpan.FromSeconds(1))));
            Assert.Equal("a=a b=b", await listed);
        }
    });

    [Fact]
    public void With_more_drives_than_a_partition_is_wide_every_partition_is_heard() => QuorumFixture.Run(9, async store =>
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"k{i:00}")];
        await WriteAllAsync(store, names);
        string all = string.Join(' ', names.Select(name => $"{name}={name}"));
        Assert.Equal(all, await ListingWalk.ShowAsync(store, ListingWalk.Request(limit: 20)));
        await store.SettleAsync();
        foreach (FaultyDrive drive in store.Drives.Take(store.Engine.Layout.WriteQuorum - 1))
        {
            drive.IsOffline = true;
        }

        Assert.Equal(all, await ListingWalk.ShowAsync(store, ListingWalk.Request(limit: 20)));
    }, relayout: layout => layout, seeds: 2);

    [Fact]
    public void Only_closed_drives_count_where_that_is_asked_for() => QuorumFixture.Run(4, async store =>
    {
        ListRequest request = ListingWalk.Request() with { OnlyIfClosed = true, AllVersions = true };
        await WriteAllAsync(store, ["a"]);
        Assert.Equal(ObjectError.ReadQuorumLost, (await store.Quorum.ListAsync(request, default)).Error);
        store.Drives[2].IsOffline = true;
        Assert.Equal(ObjectError.None, (await new BucketGates(store.Engine).CloseAsync(new BucketId(7), attempt: 1)).Error);
        store.Drives[2].IsOffline = false;
        Assert.Equal("a=a", await ListingWalk.ShowAsync(store, request));
        ListingWalk.Hear(store, 1, 2);
        Assert.Equal(ObjectError.ReadQuorumLost, (await store.Quorum.ListAsync(request, default)).Error);
    });

    [Fact]
    public void A_page_full_of_registers_in_doubt_is_filled_up_when_they_turn_out_dead() => QuorumFixture.Run(4, async store =>
    {
        string[] names = [.. Enumerable.Range(0, 80).Select(i => $"k{i:00}")];
        for (int i = 0; i < names.Length; i++)
        {
            await AcceptAsync(store, names[i], names[i], i % 2 == 0 ? [0, 1, 2] : [0], isRemoval: i % 3 == 0);
        }

        ListingWalk.Hear(store, 0, 1);
        string listed = await ListingWalk.ShowAsync(store, ListingWalk.Request(limit: 50));
        ListingWalk.Hear(store, 0, 1, 2, 3);
        Assert.Equal(listed, await ListingWalk.ShowAsync(store, ListingWalk.Request()));
        Assert.Contains("k02=k02", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("k06", listed, StringComparison.Ordinal);
    }, seeds: 2);

    private static async Task AcceptAsync(
        QuorumFixture store, string name, string text, int[] drives, bool isRemoval = false)
    {
        Ballot ballot = store.Engine.Clock.Next();
        RegisterEntry entry = new()
        {
            Slot = VersionId.Null,
            Birth = ballot,
            Ballot = ballot,
            IsRemoved = isRemoval,
            Body = isRemoval ? default(ReadOnlyMemory<byte>) : PlainRecords.Encode(text),
        };
        foreach (int drive in drives)
        {
            Assert.True((await store.Drives[drive].AcceptAsync(
                new AcceptRequest(QuorumFixture.Key(name), entry), default)).Value.IsAccepted);
        }
    }

    private static async Task WriteAllAsync(QuorumFixture store, IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            Assert.True((await store.WriteAsync(QuorumFixture.Key(name), name)).IsOk);
        }
    }

    private static async Task RemoveAllAsync(QuorumFixture store, IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            Assert.True((await store.Quorum.WriteAsync(QuorumFixture.Key(name), Removal, default)).IsOk);
        }
    }

    private static async Task ForEachPairAsync(QuorumFixture store, Func<Task> check)
    {
        for (int first = 0; first < store.Drives.Length; first++)
        {
            for (int second = first + 1; second < store.Drives.Length; second++)
            {
                ListingWalk.Hear(store, first, second);
                await check();
            }
        }
    }
}
