using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Listing;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Listing;

/// <remarks>
/// Method: a bucket with versions, delete markers and null versions, made in a known order; every page size must show
/// the same rows, each key newest first, and mark exactly the current version of each key.
/// </remarks>
public sealed class VersionListingTests
{
    [Fact]
    public void Every_page_size_shows_all_versions_newest_first_and_marks_the_latest() => StoreFixture.Run(
        async fixture =>
        {
            List<(string Key, VersionId Version, bool IsMarker)> made = await MakeAsync(fixture);
            List<(string, string, bool, bool)> expected = [.. made
                .GroupBy(row => row.Key)
                .OrderBy(key => key.Key, StringComparer.Ordinal)
                .SelectMany(key => key.Reverse().Select((row, i) => (row.Key, row.Version.ToString(), row.IsMarker, i == 0)))];

            for (int limit = 1; limit <= made.Count + 1; limit++)
            {
                List<ObjectDescription> rows = await ListAllAsync(fixture, "", limit);
                Assert.Equal(
                    expected, rows.Select(row => (row.Key, row.Version.ToString(), row.IsDeleteMarker, row.IsLatest)));
                Assert.All(rows, row => Assert.True(row.IsVersioned));
            }
        },
        seeds: 2);

    [Fact]
    public void Common_prefixes_come_once_over_all_pages() => StoreFixture.Run(
        async fixture =>
        {
            await MakeAsync(fixture);
            for (int limit = 1; limit < 6; limit++)
            {
                List<string> prefixes = [];
                List<string> keys = [];
                string? afterKey = "";
                VersionId? afterVersion = null;
                while (afterKey is not null)
                {
                    VersionPage page = await ListAsync(fixture, "/", afterKey, afterVersion, limit);
                    prefixes.AddRange(page.CommonPrefixes);
                    keys.AddRange(page.Versions.Select(row => row.Key));
                    (afterKey, afterVersion) = (page.NextKey, page.NextVersion);
                }

                Assert.Equal(["d/"], prefixes);
                Assert.DoesNotContain(keys, key => key.StartsWith("d/", StringComparison.Ordinal));
            }
        },
        seeds: 1);

    [Fact]
    public void A_page_that_goes_on_behind_a_vanished_null_version_leaves_nothing_out() => StoreFixture.Run(
        async fixture =>
        {
            await fixture.PutAsync("k", "null");
            await fixture.SetVersioningAsync(BucketVersioning.Enabled);
            PutReceipt one = await fixture.PutAsync("k", "one");
            await fixture.DeleteAsync("k", VersionId.Null);

            VersionPage page = await ListAsync(fixture, "", "k", VersionId.Null, 10);

            Assert.Equal([one.Version], page.Versions.Select(row => row.Version));
        });

    [Fact]
    public void Behind_a_key_without_a_version_only_later_keys_come() => StoreFixture.Run(
        async fixture =>
        {
            await MakeAsync(fixture);

            VersionPage page = await ListAsync(fixture, "", "b", null, 100);

            Assert.DoesNotContain(page.Versions, row => string.CompareOrdinal(row.Key, "b") <= 0);
            Assert.NotEmpty(page.Versions);
        },
        seeds: 1);

    // Null versions, suspended and enabled, in every position of a key's history.
    private static async Task<List<(string Key, VersionId Version, bool IsMarker)>> MakeAsync(StoreFixture fixture)
    {
        List<(string, VersionId, bool)> made = [];
        foreach (string key in new[] { "a", "b" })
        {
            made.Add((key, (await fixture.PutAsync(key)).Version, false));
        }

        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        foreach (string key in new[] { "a", "a", "b", "c", "d/1", "d/1", "d/2", "e" })
        {
            made.Add((key, (await fixture.PutAsync(key)).Version, false));
        }

        made.Add(("a", (await fixture.DeleteAsync("a")).Version, true));
        made.Add(("x", (await fixture.DeleteAsync("x")).Version, true));
        await fixture.SetVersioningAsync(BucketVersioning.Suspended);
        made.Add(("c", (await fixture.PutAsync("c")).Version, false));
        made.Add(("e", (await fixture.DeleteAsync("e")).Version, true));
        return made;
    }

    private static async Task<VersionPage> ListAsync(
        StoreFixture fixture, string delimiter, string afterKey, VersionId? afterVersion, int limit)
    {
        ObjectResult<VersionPage> page = await fixture.Store.ListVersionsAsync(
            new VersionQuery
            {
                Bucket = StoreFixture.Bucket,
                Delimiter = delimiter,
                AfterKey = afterKey,
                AfterVersion = afterVersion,
                Limit = limit,
            },
            default);
        Assert.Equal(ObjectError.None, page.Error);
        return page.Value!;
    }

    private static async Task<List<ObjectDescription>> ListAllAsync(StoreFixture fixture, string delimiter, int limit)
    {
        List<ObjectDescription> all = [];
        string? afterKey = "";
        VersionId? afterVersion = null;
        while (afterKey is not null)
        {
            VersionPage page = await ListAsync(fixture, delimiter, afterKey, afterVersion, limit);
            all.AddRange(page.Versions);
            (afterKey, afterVersion) = (page.NextKey, page.NextVersion);
        }

        return all;
    }
}
