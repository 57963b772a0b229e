using System.Xml.Linq;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Versions;

/// <summary>
/// Method: histories of keys that a delimiter rolls up and keys that it does not; every page size gives what one large
/// page gives, and that is what a model says.
/// </summary>
public sealed class VersionPageTests(S3Server server)
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static readonly string[] Keys = ["a+b/1", "a+b/2", "foo", "foo/", "foo/bar", "foo//bar", "\u00e9"];

    // C2 77, 79 and 81.
    [Theory]
    [InlineData("", "")]
    [InlineData("", "/")]
    [InlineData("foo", "/")]
    [InlineData("foo/", "/")]
    [InlineData("", "o/")]
    [InlineData("a", "+")]
    public async Task Pages_add_up_to_the_whole(string prefix, string delimiter)
    {
        string bucket = await FilledAsync();
        string query = $"versions&encoding-type=url&prefix={Uri.EscapeDataString(prefix)}"
            + $"&delimiter={Uri.EscapeDataString(delimiter)}";
        string[] whole = [.. (await PagesAsync(bucket, query, 1000)).Order(StringComparer.Ordinal)];
        Assert.Equal(Model(prefix, delimiter), whole.Select(entry => entry.Split('\n')[0]));
        Assert.Equal(whole.Distinct(), whole);
        foreach (int size in (int[])[1, 2, 3])
        {
            Assert.Equal(whole, (await PagesAsync(bucket, query, size)).Order(StringComparer.Ordinal));
        }
    }

    // C2 81: without a version the marker is behind all versions of its key; with one, in the middle of them.
    [Fact]
    public async Task Marker_is_behind_a_key_or_inside_it()
    {
        string bucket = await FilledAsync();
        XElement[] foo =
        [
            .. (await server.Raw.GetAsync($"/{bucket}", "versions&prefix=foo&delimiter=/")).Xml.Elements()
                .Where(element => element.Element(S3 + "VersionId") is not null),
        ];
        Assert.Equal(3, foo.Length);
        string middle = foo[1].Element(S3 + "VersionId")!.Value;
        Assert.Equal(1, await CountAsync($"key-marker=foo&version-id-marker={middle}&prefix=foo&delimiter=/"));
        Assert.Equal(0, await CountAsync("key-marker=foo&prefix=foo&delimiter=/"));
        Assert.Equal(0, await CountAsync("key-marker=foo&version-id-marker=&prefix=foo&delimiter=/"));

        async Task<int> CountAsync(string query) => (await server.Raw.GetAsync($"/{bucket}", "versions&" + query)).Xml
            .Elements().Count(element => element.Element(S3 + "VersionId") is not null);
    }

    // The current version is the newest, also on a page that begins behind it.
    [Fact]
    public async Task Later_page_does_not_call_an_old_version_the_latest()
    {
        string bucket = await FilledAsync();
        XElement first = (await server.Raw.GetAsync($"/{bucket}", "versions&prefix=foo&delimiter=/&max-keys=1")).Xml;
        string marker = first.Element(S3 + "NextVersionIdMarker")!.Value;
        XElement second = (await server.Raw.GetAsync(
            $"/{bucket}", $"versions&prefix=foo&delimiter=/&key-marker=foo&version-id-marker={marker}")).Xml;
        Assert.Equal("true", first.Descendants(S3 + "IsLatest").Single().Value);
        Assert.All(second.Descendants(S3 + "IsLatest"), latest => Assert.Equal("false", latest.Value));
    }

    /// <summary>Each key twice, and a delete marker above them.</summary>
    private async Task<string> FilledAsync()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}") { Query = "versioning" }
            .WithText("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"));
        foreach (string key in Keys)
        {
            string path = $"/{bucket}/{Uri.EscapeDataString(key)}";
            await server.Raw.PutAsync(path, "1");
            await server.Raw.PutAsync(path, "2");
            await server.Raw.SendAsync(new RawRequest("DELETE", path));
        }

        return bucket;
    }

    private static IEnumerable<string> Model(string prefix, string delimiter)
    {
        var seen = new List<string>();
        foreach (string key in Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            int at = delimiter.Length == 0 ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            seen.AddRange(at < 0 ? [key, key, key] : [key[..(at + delimiter.Length)] + "*"]);
        }

        return seen.GroupBy(entry => entry)
            .SelectMany(group => group.Key.EndsWith('*') ? [group.Key] : group.ToArray())
            .Order(StringComparer.Ordinal);
    }

    /// <summary>Keys with version ids, and common prefixes with a star, of all pages.</summary>
    private async Task<List<string>> PagesAsync(string bucket, string query, int size)
    {
        var seen = new List<string>();
        string next = $"{query}&max-keys={size}";
        while (true)
        {
            XElement page = (await server.Raw.GetAsync($"/{bucket}", next)).Xml;
            seen.AddRange(page.Elements().Where(element => element.Element(S3 + "VersionId") is not null).Select(
                version => $"{Decoded(version, "Key")}\n{version.Element(S3 + "VersionId")!.Value}"));
            seen.AddRange(page.Elements(S3 + "CommonPrefixes").Select(entry => Decoded(entry, "Prefix") + "*"));
            if (page.Element(S3 + "IsTruncated")!.Value == "false")
            {
                return seen;
            }

            next = $"{query}&max-keys={size}&key-marker={Uri.EscapeDataString(Decoded(page, "NextKeyMarker"))}"
                + $"&version-id-marker={page.Element(S3 + "NextVersionIdMarker")?.Value}";
        }
    }

    private static string Decoded(XElement parent, string name) =>
        Uri.UnescapeDataString(parent.Element(S3 + name)!.Value);
}
