using System.Xml.Linq;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Multipart;

/// <summary>Method: every page size of the listings of uploads and parts gives what one large page gives.</summary>
public sealed class UploadListingTests(S3Server server)
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static readonly string[] Keys = ["a+b/1", "a+b/2", "a+b/2", "a b", "a b", "d/e/f", "\u00e9&<", "z%2F"];

    // C2 77, 79 and 82.
    [Theory]
    [InlineData("", "")]
    [InlineData("", "/")]
    [InlineData("a", "/")]
    [InlineData("a+b/", "/")]
    [InlineData("", " ")]
    [InlineData("", "b/")]
    public async Task Pages_add_up_to_the_whole(string prefix, string delimiter)
    {
        string bucket = await server.NewBucketAsync();
        foreach (string key in Keys)
        {
            await RawUpload.BeginAsync(server.Raw, $"/{bucket}/{Uri.EscapeDataString(key)}");
        }

        string query = $"uploads&encoding-type=url&prefix={Uri.EscapeDataString(prefix)}"
            + $"&delimiter={Uri.EscapeDataString(delimiter)}";
        string[] whole = [.. (await PagesAsync(bucket, query, 1000)).Order(StringComparer.Ordinal)];
        Assert.Equal(Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(Rolled).Distinct().Order(
            StringComparer.Ordinal), whole.Select(entry => entry.Split('\n')[0]).Distinct());
        foreach (int size in (int[])[1, 2, 3])
        {
            Assert.Equal(whole, (await PagesAsync(bucket, query, size)).Order(StringComparer.Ordinal));
        }

        string Rolled(string key)
        {
            int at = delimiter.Length == 0 ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            return at < 0 ? key : key[..(at + delimiter.Length)];
        }
    }

    // C2 82: without its key the marker of an upload says nothing.
    [Fact]
    public async Task Marker_of_an_upload_needs_the_one_of_its_key()
    {
        string bucket = await server.NewBucketAsync();
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/k");
        XElement alone = (await server.Raw.GetAsync($"/{bucket}", "uploads&upload-id-marker=" + upload.Id)).Xml;
        Assert.Single(alone.Elements(S3 + "Upload"));
        XElement both = (await server.Raw.GetAsync($"/{bucket}", $"uploads&key-marker=k&upload-id-marker={upload.Id}")).Xml;
        Assert.Empty(both.Elements(S3 + "Upload"));
        XElement behind = (await server.Raw.GetAsync($"/{bucket}", "uploads&key-marker=k")).Xml;
        Assert.Empty(behind.Elements(S3 + "Upload"));
    }

    // C2 77: the listing of parts has a key, too.
    [Fact]
    public async Task Key_of_a_listing_of_parts_is_encoded()
    {
        string bucket = await server.NewBucketAsync();
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/a%2Bb%20c");
        XElement list = (await server.Raw.GetAsync($"/{bucket}/a%2Bb%20c", $"uploadId={upload.Id}&encoding-type=url")).Xml;
        Assert.Equal(("a%2Bb%20c", "url"), (list.Element(S3 + "Key")!.Value, list.Element(S3 + "EncodingType")!.Value));
        Assert.Equal("false", list.Element(S3 + "IsTruncated")!.Value);
    }

    /// <summary>Keys with upload ids, and common prefixes, of all pages.</summary>
    private async Task<List<string>> PagesAsync(string bucket, string query, int size)
    {
        var seen = new List<string>();
        string next = $"{query}&max-uploads={size}";
        while (true)
        {
            XElement page = (await server.Raw.GetAsync($"/{bucket}", next)).Xml;
            seen.AddRange(page.Elements(S3 + "Upload").Select(
                upload => $"{Decoded(upload, "Key")}\n{upload.Element(S3 + "UploadId")!.Value}"));
            seen.AddRange(page.Elements(S3 + "CommonPrefixes").Select(entry => Decoded(entry, "Prefix")));
            if (page.Element(S3 + "IsTruncated")!.Value == "false")
            {
                return seen;
            }

            next = $"{query}&max-uploads={size}&key-marker={Uri.EscapeDataString(Decoded(page, "NextKeyMarker"))}"
                + $"&upload-id-marker={page.Element(S3 + "NextUploadIdMarker")?.Value}";
        }
    }

    private static string Decoded(XElement parent, string name) =>
        Uri.UnescapeDataString(parent.Element(S3 + name)!.Value);
}
