using System.Text;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Listing;
using Cairn.Objects.Versions;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Listing;

/// <remarks>
/// Method: listings with every page size are compared with a plain model over the same keys (sorted by UTF-8 bytes,
/// rolled up by hand). Changes during a listing are not covered here.
/// </remarks>
public sealed class ObjectListingTests
{
    private static readonly string[] Keys =
    [
        "a", "a/", "a/b", "a/b/c", "a/b/d", "a/c", "a0", "ab", "b//c", "b/c", "--x--y", "z", "\u00fc/1", "\ud83d\ude00", "\uffee",
    ];

    [Theory]
    [InlineData("", "")]
    [InlineData("", "/")]
    [InlineData("a", "/")]
    [InlineData("a/", "/")]
    [InlineData("a/b", "/")]
    [InlineData("b/", "/")]
    [InlineData("", "--")]
    [InlineData("--x", "--")]
    [InlineData("", "\ud83d\ude00")]
    [InlineData("none", "/")]
    public void Every_page_size_lists_the_same_as_the_model(string prefix, string delimiter) => StoreFixture.Run(
        async fixture =>
        {
            await PutAllAsync(fixture);
            List<string> expected = Model(Keys, prefix, delimiter, "");
            for (int limit = 1; limit <= expected.Count + 1; limit++)
            {
                Assert.Equal(expected, await ListAllAsync(fixture, prefix, delimiter, limit));
            }
        },
        seeds: 1);

    [Theory]
    [InlineData("a/b", "/")]
    [InlineData("a/", "/")]
    [InlineData("a/bb", "")]
    [InlineData("0", "/")]
    [InlineData("\ud83d\ude00", "")]
    public void A_listing_starts_behind_a_key_or_prefix_that_need_not_exist(string after, string delimiter) =>
        StoreFixture.Run(
            async fixture =>
            {
                await PutAllAsync(fixture);
                ObjectPage page = await ListAsync(fixture, "", delimiter, after, 1000);

                Assert.Equal(
                    Model(Keys, "", delimiter, after),
                    Merge(page));
            },
            seeds: 1);

    [Fact]
    public void Delete_markers_and_prefixes_that_hold_nothing_else_do_not_show() => StoreFixture.Run(
        async fixture =>
        {
            await fixture.SetVersioningAsync(BucketVersioning.Enabled);
            await PutAllAsync(fixture);
            string[] gone = ["a", "a/b/c", "b//c", "b/c", "z"];
            foreach (string key in gone)
            {
                await fixture.DeleteAsync(key);
            }

            foreach (string delimiter in new[] { "", "/" })
            {
                foreach (int limit in new[] { 1, 2, 1000 })
                {
                    Assert.Equal(
                        Model([.. Keys.Except(gone)], "", delimiter, ""),
                        await ListAllAsync(fixture, "", delimiter, limit));
                }
            }
        },
        seeds: 1);

    [Fact]
    public void A_page_of_nothing_is_empty_and_the_last() => StoreFixture.Run(
        async fixture =>
        {
            await PutAllAsync(fixture);

            ObjectPage page = await ListAsync(fixture, "", "/", "", 0);

            Assert.Empty(page.Objects);
            Assert.Empty(page.CommonPrefixes);
            Assert.Null(page.Next);
        },
        seeds: 1);

    [Fact]
    public void A_row_shows_what_a_description_shows() => StoreFixture.Run(async fixture =>
    {
        await fixture.Store.PutAsync(
            StoreFixture.Request("k") with { StorageClass = "REDUCED_REDUNDANCY" },
            new TestBody(StoreFixture.Bytes(50), ChecksumAlgorithm.Crc32C),
            default);
        ObjectDescription described = await fixture.DescribeAsync("k");

        ObjectDescription row = Assert.Single((await ListAsync(fixture, "", "", "", 1)).Objects);

        Assert.Equal(
            described with { Checksum = null, Metadata = [], Tags = [] },
            row with { Checksum = null, Metadata = [], Tags = [] });
        Assert.Equal(described.Checksum!.Value.ToArray(), row.Checksum!.Value.ToArray());
    });

    [Fact]
    public void Without_a_bucket_there_is_no_listing() => StoreFixture.Run(async fixture => Assert.Equal(
        ObjectError.NoSuchBucket,
        (await fixture.Store.ListAsync(new ObjectQuery { Bucket = "other" }, default)).Error));

    private static async Task PutAllAsync(StoreFixture fixture)
    {
        foreach (string key in Keys)
        {
            await fixture.PutAsync(key);
        }
    }

    private static async Task<ObjectPage> ListAsync(
        StoreFixture fixture, string prefix, string delimiter, string after, int limit)
    {
        ObjectResult<ObjectPage> page = await fixture.Store.ListAsync(
            new ObjectQuery
            {
                Bucket = StoreFixture.Bucket,
                Prefix = prefix,
                Delimiter = delimiter,
                After = after,
                Limit = limit,
            },
            default);
        Assert.Equal(ObjectError.None, page.Error);
        return page.Value!;
    }

    private static async Task<List<string>> ListAllAsync(
        StoreFixture fixture, string prefix, string delimiter, int limit)
    {
        List<string> all = [];
        string? after = "";
        while (after is not null)
        {
            ObjectPage page = await ListAsync(fixture, prefix, delimiter, after, limit);
            List<string> shown = Merge(page);
            Assert.True(page.Next is null || shown.Count == limit, "A page that is not the last one is full.");
            Assert.Equal(page.Next ?? shown.LastOrDefault(), shown.LastOrDefault());
            all.AddRange(shown);
            after = page.Next;
        }

        return all;
    }

    private static List<string> Merge(ObjectPage page) =>
        Sorted([.. page.Objects.Select(row => row.Key), .. page.CommonPrefixes]);

    private static List<string> Model(string[] keys, string prefix, string delimiter, string after)
    {
        HashSet<string> shown = [];
        foreach (string key in keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            int at = delimiter.Length == 0 ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            shown.Add(at < 0 ? key : key[..(at + delimiter.Length)]);
        }

        return [.. Sorted(shown).Where(name => Compare(name, after) > 0)];
    }

    private static List<string> Sorted(IEnumerable<string> names)
    {
        List<string> sorted = [.. names];
        sorted.Sort(Compare);
        return sorted;
    }

    private static int Compare(string left, string right) =>
        Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
}
