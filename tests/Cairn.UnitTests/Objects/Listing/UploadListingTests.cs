using Cairn.Objects.Listing;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Listing;

/// <remarks>Method: uploads of a few keys, two of one; every page size shows them by key and then by start.</remarks>
public sealed class UploadListingTests
{
    [Theory]
    [InlineData("", "", new[] { "a", "a", "a\u0001", "d/1", "d/2", "f" })]
    [InlineData("", "/", new[] { "a", "a", "a\u0001", "d/", "f" })]
    [InlineData("d", "", new[] { "d/1", "d/2" })]
    [InlineData("d/", "/", new[] { "d/1", "d/2" })]
    // A delimiter that could also be found inside an upload id must only be looked for in keys.
    [InlineData("", "0", new[] { "a", "a", "a\u0001", "d/1", "d/2", "f" })]
    public void Every_page_size_shows_the_same(string prefix, string delimiter, string[] expected) => StoreFixture.Run(
        async fixture =>
        {
            foreach (string key in new[] { "f", "d/2", "a", "d/1", "a\u0001" })
            {
                await fixture.CreateUploadAsync(key);
            }

            string later = await fixture.CreateUploadAsync("a");
            for (int limit = 1; limit <= expected.Length + 1; limit++)
            {
                List<string> shown = [];
                List<string> ids = [];
                UploadQuery? query = new()
                {
                    Bucket = StoreFixture.Bucket,
                    Prefix = prefix,
                    Delimiter = delimiter,
                    Limit = limit,
                };
                while (query is not null)
                {
                    UploadPage page = (await fixture.Store.ListUploadsAsync(query, default)).Value!;
                    shown.AddRange(page.Uploads.Select(upload => upload.Key).Concat(page.CommonPrefixes).Order(StringComparer.Ordinal));
                    ids.AddRange(page.Uploads.Select(upload => upload.UploadId));
                    query = page.NextKey is null
                        ? null
                        : query with { AfterKey = page.NextKey, AfterUpload = page.NextUpload };
                }

                Assert.Equal(expected, shown);
                Assert.True(prefix.Length > 0 || ids[1] == later, "Uploads of one key come in the order they began.");
            }
        },
        seeds: 1);

    [Fact]
    public void Behind_a_key_without_an_upload_only_later_keys_come() => StoreFixture.Run(async fixture =>
    {
        await fixture.CreateUploadAsync("a");
        await fixture.CreateUploadAsync("a");
        await fixture.CreateUploadAsync("b");

        UploadPage page = (await fixture.Store.ListUploadsAsync(
            new UploadQuery { Bucket = StoreFixture.Bucket, AfterKey = "a" }, default)).Value!;

        Assert.Equal(["b"], page.Uploads.Select(upload => upload.Key));
    });
}
