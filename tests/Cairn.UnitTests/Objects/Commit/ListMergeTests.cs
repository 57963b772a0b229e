using System.Text;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

// Listings merged from a read quorum of drives, compared with what was written: all pages together, with drives that
// missed writes and removals, with tombstones and pending values, with a delimiter and with all versions.
public sealed class ListMergeTests
{
    [Theory]
    [InlineData(4, 7)]
    [InlineData(4, 1000)]
    [InlineData(6, 10)]
    [InlineData(1, 10)]
    public void All_live_names_are_listed_once_in_order(int drives, int limit) => QuorumFixture.Run(drives, async store =>
    {
        List<string> expected = [];
        for (int index = 0; index < 60; index++)
        {
            // Each drive misses some of the writes.
            FaultyDrive away = store.Drives[index % store.Drives.Length];
            away.IsOffline = drives > 2 && index % 3 == 0;
            string name = $"key{index:000}";
            Assert.True((await store.WriteAsync(QuorumFixture.Key(name), name)).IsOk);
            if (index % 5 == 0)
            {
                await RemoveAsync(store, name);
            }
            else
            {
                expected.Add(name);
            }

            if (index % 10 == 0)
            {
                await store.SettleAsync();
            }

            away.IsOffline = false;
        }

        Assert.Equal(expected, await ListAsync(store, limit));
        await store.SettleAsync();
        Assert.Equal(expected, await ListAsync(store, limit));
        for (int index = 0; index < drives && drives > 2; index++)
        {
            store.Drives[index].IsOffline = true;
            Assert.Equal(expected, await ListAsync(store, limit));
            store.Drives[index].IsOffline = false;
        }
    }, seeds: 3);

    [Fact]
    public void With_a_delimiter_each_prefix_with_a_live_name_is_shown_once() => QuorumFixture.Run(4, async store =>
    {
        foreach (string name in (string[])["a/1", "a/2", "b", "c/1", "c/2", "c/3", "d/1", "e", "f/x/1", "f/x/2"])
        {
            await store.WriteAsync(QuorumFixture.Key(name), name);
        }

        await store.SettleAsync();

        // Two drives take c/1 for evidence although it is gone; d loses its only name.
        store.Drives[0].IsOffline = true;
        await RemoveAsync(store, "c/1");
        await store.SettleAsync();
        store.Drives[0].IsOffline = false;
        store.Drives[1].IsOffline = true;
        await RemoveAsync(store, "c/2");
        await RemoveAsync(store, "d/1");
        await store.SettleAsync();
        store.Drives[1].IsOffline = false;
        for (int attempt = 0; attempt < 4; attempt++)
        {
            Assert.Equal(["a/", "b", "c/", "e", "f/"], await ListAsync(store, 2, delimiter: "/"));
            Assert.Equal(["a/", "b", "c/", "e", "f/"], await ListAsync(store, 100, delimiter: "/"));
            Assert.Equal(["f/x/"], await ListAsync(store, 100, prefix: "f/", delimiter: "/"));
            Assert.Equal(["c/3"], await ListAsync(store, 100, prefix: "c/", delimiter: "/"));
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void All_versions_are_listed_newest_first_across_pages(int limit) => QuorumFixture.Run(4, async store =>
    {
        Dictionary<string, List<string>> expected = [];
        for (int round = 0; round < 8; round++)
        {
            foreach (string name in (string[])["a", "b", "c"])
            {
                FaultyDrive away = store.Drives[(round + name[0]) % 4];
                away.IsOffline = round % 2 == 0;
                var written = await store.WriteAsync(QuorumFixture.Key(name), name + round, isVersion: true);
                Assert.True(written.IsOk);
                if (round == 3)
                {
                    await store.Quorum.MutateAsync(
                        QuorumFixture.Key(name),
                        written.Value.Slot,
                        _ => MutationDecision.Accept(new RegisterDraft { Slot = written.Value.Slot, IsRemoval = true }),
                        default);
                }
                else
                {
                    (expected.TryGetValue(name, out var list) ? list : expected[name] = []).Insert(0, name + round);
                }

                await store.SettleAsync();
                away.IsOffline = false;
            }
        }

        List<string> listed = [];
        ListRequest request = RequestOf(limit) with { AllVersions = true };
        while (true)
        {
            ObjectResult<RegisterPage> page = await store.Quorum.ListAsync(request, default);
            Assert.True(page.IsOk, page.Error.ToString());
            listed.AddRange(page.Value.Rows.SelectMany(row => row.Values).Select(value => PlainRecords.TextOf(value.Body)));
            if (page.Value.IsEnd)
            {
                break;
            }

            RegisterRow last = page.Value.Rows[^1];
            request = last.IsCut
                ? request with { From = last.Name, OlderThan = last.Values[^1].Birth }
                : request with { From = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(last.Name.Span) + "\0"), OlderThan = null };
        }

        Assert.Equal(expected["a"].Concat(expected["b"]).Concat(expected["c"]), listed);
    }, seeds: 3);

    [Fact]
    public void A_listing_without_a_read_quorum_says_so() => QuorumFixture.Run(4, async store =>
    {
        await store.WriteAsync(QuorumFixture.Key("a"), "a");
        await store.SettleAsync();
        store.Drives[0].IsOffline = store.Drives[2].IsOffline = true;
        Assert.Equal(["a"], await ListAsync(store, 10));
        store.Drives[3].IsOffline = true;
        Assert.Equal(ObjectError.ReadQuorumLost, (await store.Quorum.ListAsync(RequestOf(10), default)).Error);
    });

    [Fact]
    public void A_hung_drive_is_replaced_by_another_one() => QuorumFixture.Run(4, async store =>
    {
        await store.WriteAsync(QuorumFixture.Key("a"), "a");
        await store.SettleAsync();
        for (int index = 0; index < 4; index++)
        {
            store.Drives[index].Hang();
            Task<List<string>> listing = ListAsync(store, 10);
            Assert.True(await store.EndsWithinAsync(listing, TimeSpan.FromSeconds(3)));
            Assert.Equal(["a"], await listing);
            store.Drives[index].Release();
            await store.SettleAsync();
        }
    });

    [Fact]
    public void An_acknowledged_write_is_in_the_next_listing_while_its_commit_is_on_the_way() =>
        QuorumFixture.Run(4, async store =>
        {
            List<string> expected = [];
            for (int index = 0; index < 10; index++)
            {
                expected.Add($"key{index}");
                Assert.True((await store.WriteAsync(QuorumFixture.Key(expected[^1]), "x")).IsOk);
                Assert.Equal(expected, await ListAsync(store, 100));
            }
        });

    private static ListRequest RequestOf(int limit) => new()
    {
        Space = RegisterSpace.Objects,
        Bucket = new BucketId(7),
        Limit = limit,
    };

    private static async Task RemoveAsync(QuorumFixture store, string name) => Assert.Equal(
        ObjectError.None,
        (await store.Quorum.WriteAsync(
            QuorumFixture.Key(name), new RegisterDraft { Slot = VersionId.Null, IsRemoval = true }, default)).Error);

    private static async Task<List<string>> ListAsync(
        QuorumFixture store, int limit, string prefix = "", string delimiter = "")
    {
        List<string> names = [];
        ListRequest request = RequestOf(limit) with
        {
            Prefix = Encoding.UTF8.GetBytes(prefix),
            Delimiter = Encoding.UTF8.GetBytes(delimiter),
        };
        while (true)
        {
            ObjectResult<RegisterPage> page = await store.Quorum.ListAsync(request, default);
            Assert.True(page.IsOk, page.Error.ToString());
            foreach (RegisterRow row in page.Value.Rows)
            {
                string name = Encoding.UTF8.GetString(row.Name.Span);
                int end = delimiter.Length == 0 ? -1 : name.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
                names.Add(end < 0 ? name : name[..(end + 1)]);
            }

            if (page.Value.IsEnd)
            {
                return names;
            }

            string next = names[^1];
            request = request with
            {
                From = Encoding.UTF8.GetBytes(
                    delimiter.Length > 0 && next.EndsWith(delimiter, StringComparison.Ordinal)
                        ? next[..^1] + (char)(next[^1] + 1)
                        : next + "\0"),
            };
        }
    }
}
