using System.Xml.Linq;
using Amazon.S3.Model;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Listings;

/// <summary>Method: every page of a listing against what a model says, in both versions of the operation.</summary>
public sealed class ListObjectsTests(S3Server server)
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static readonly string[] Keys =
    [
        "a", "a/", "a/b", "a/b/c", "a/d", "b+c", "b c", "b&<>\"'", "dir/1", "dir/2", "dir/3", "dir2/x", "z\u00e9",
        "\uff5e", "\U0001F600",
    ];

    // C2 73: bytes, in which the supplementary character comes last; UTF-16 would put it in front of U+FF5E.
    [Fact]
    public async Task Keys_come_in_byte_order()
    {
        string bucket = await FilledAsync();
        ListObjectsV2Response page = await server.Client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = bucket });
        Assert.Equal(InByteOrder(Keys), page.S3Objects.Select(entry => entry.Key));
    }

    // C2 74 and 79: pages hold keys and prefixes together, and prefixes come once over all pages.
    [Theory]
    [InlineData("", "", 1)]
    [InlineData("", "/", 1)]
    [InlineData("", "/", 2)]
    [InlineData("", "/", 1000)]
    [InlineData("a/", "/", 1)]
    [InlineData("dir", "/", 1)]
    [InlineData("", "ir", 2)]
    [InlineData("", "a/b", 2)]
    [InlineData("none", "/", 5)]
    public async Task Pages_add_up_to_the_whole(string prefix, string delimiter, int size)
    {
        string bucket = await FilledAsync();
        (List<string> keys, List<string> prefixes) = Model(prefix, delimiter);
        var seenKeys = new List<string>();
        var seenPrefixes = new List<string>();
        string? token = null;
        do
        {
            ListObjectsV2Response page = await server.Client.ListObjectsV2Async(new ListObjectsV2Request
            {
                BucketName = bucket,
                Prefix = prefix,
                Delimiter = delimiter,
                MaxKeys = size,
                ContinuationToken = token,
            });
            int count = (page.S3Objects?.Count ?? 0) + (page.CommonPrefixes?.Count ?? 0);
            Assert.Equal(count, page.KeyCount);
            Assert.InRange(count, page.IsTruncated == true ? size : 0, size);
            seenKeys.AddRange(page.S3Objects?.Select(entry => entry.Key) ?? []);
            seenPrefixes.AddRange(page.CommonPrefixes ?? []);
            token = page.NextContinuationToken;
            Assert.Equal(page.IsTruncated, token is not null);
        }
        while (token is not null);
        Assert.Equal(keys, seenKeys);
        Assert.Equal(prefixes, seenPrefixes);
    }

    // C2 76: only with a delimiter; without one the client goes on behind the last key.
    [Fact]
    public async Task Version_one_has_its_marker_with_a_delimiter_only()
    {
        string bucket = await FilledAsync();
        RawResponse plain = await server.Raw.GetAsync($"/{bucket}", "max-keys=2");
        Assert.Null(plain.Xml.Element(S3 + "NextMarker"));
        Assert.Equal("true", plain.Xml.Element(S3 + "IsTruncated")!.Value);
        RawResponse grouped = await server.Raw.GetAsync($"/{bucket}", "max-keys=2&delimiter=%2F");
        string marker = grouped.Xml.Element(S3 + "NextMarker")!.Value;
        Assert.Equal("a/", marker);
        RawResponse next = await server.Raw.GetAsync($"/{bucket}", "max-keys=2&delimiter=%2F&marker=a%2F");
        Assert.Equal(["b c", "b&<>\"'"], next.Xml.Elements(S3 + "Contents").Select(entry => entry.Element(S3 + "Key")!.Value));
        // C2 80: the owner is always there.
        Assert.All(next.Xml.Elements(S3 + "Contents"), entry => Assert.NotNull(entry.Element(S3 + "Owner")));
    }

    // A page ended inside or behind a common prefix: it has been shown, whatever else is in it.
    [Theory]
    [InlineData("marker=dir%2F1")]
    [InlineData("marker=dir%2F")]
    [InlineData("list-type=2&start-after=dir%2F1")]
    public async Task Marker_inside_a_common_prefix_is_behind_it(string query)
    {
        string bucket = await FilledAsync();
        XElement list = (await server.Raw.GetAsync($"/{bucket}", "prefix=dir&delimiter=%2F&" + query)).Xml;
        Assert.Equal(["dir2/"], list.Elements(S3 + "CommonPrefixes").Select(entry => entry.Element(S3 + "Prefix")!.Value));
    }

    // C2 75.
    [Fact]
    public async Task Empty_listing_still_says_everything()
    {
        string bucket = await server.NewBucketAsync();
        XElement two = (await server.Raw.GetAsync($"/{bucket}", "list-type=2")).Xml;
        Assert.Equal(bucket, two.Element(S3 + "Name")!.Value);
        Assert.Equal("", two.Element(S3 + "Prefix")!.Value);
        Assert.Equal("1000", two.Element(S3 + "MaxKeys")!.Value);
        Assert.Equal("0", two.Element(S3 + "KeyCount")!.Value);
        Assert.Equal("false", two.Element(S3 + "IsTruncated")!.Value);
        XElement one = (await server.Raw.GetAsync($"/{bucket}")).Xml;
        Assert.Equal("", one.Element(S3 + "Marker")!.Value);
        Assert.Equal("false", one.Element(S3 + "IsTruncated")!.Value);
    }

    // C2 74.
    [Theory]
    [InlineData("0", 200, "0")]
    [InlineData("5000", 200, "1000")]
    [InlineData("", 200, "1000")]
    [InlineData("-1", 400, null)]
    [InlineData("x", 400, null)]
    [InlineData("99999999999", 400, null)]
    public async Task Max_keys_is_a_number_and_capped(string text, int status, string? shown)
    {
        string bucket = await FilledAsync();
        RawResponse got = await server.Raw.GetAsync($"/{bucket}", "list-type=2&max-keys=" + text);
        Assert.Equal(status, got.Status);
        if (shown is null)
        {
            Assert.Equal("InvalidArgument", got.Code);
            return;
        }

        Assert.Equal(shown, got.Xml.Element(S3 + "MaxKeys")!.Value);
        if (text == "0")
        {
            Assert.Equal("false", got.Xml.Element(S3 + "IsTruncated")!.Value);
            Assert.Empty(got.Xml.Elements(S3 + "Contents"));
        }
    }

    // C2 77.
    [Fact]
    public async Task Url_encoding_covers_every_key_and_leaves_slashes()
    {
        string bucket = await FilledAsync();
        XElement list = (await server.Raw.GetAsync(
            $"/{bucket}", "list-type=2&encoding-type=url&prefix=b&start-after=b%20&delimiter=%2B")).Xml;
        Assert.Equal("url", list.Element(S3 + "EncodingType")!.Value);
        Assert.Equal("%2B", list.Element(S3 + "Delimiter")!.Value);
        Assert.Equal("b%20", list.Element(S3 + "StartAfter")!.Value);
        Assert.Equal(
            ["b%20c", "b%26%3C%3E%22%27"], list.Elements(S3 + "Contents").Select(entry => entry.Element(S3 + "Key")!.Value));
        Assert.Equal("b%2B", list.Element(S3 + "CommonPrefixes")!.Element(S3 + "Prefix")!.Value);
        XElement nested = (await server.Raw.GetAsync($"/{bucket}", "encoding-type=url&prefix=a%2Fb%2F")).Xml;
        Assert.Equal("a/b/", nested.Element(S3 + "Prefix")!.Value);
    }

    [Fact]
    public async Task Other_encodings_are_refused()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.GetAsync($"/{bucket}", "encoding-type=base64");
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
    }

    // C2 78: an XML parser of version 1.0 refuses the reference, and yet no raw control byte is sent.
    [Fact]
    public async Task Control_characters_are_never_raw()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/a%01%0D%EF%BF%BFb", "x");
        string text = (await server.Raw.GetAsync($"/{bucket}", "list-type=2")).Text;
        Assert.Contains("<Key>a&#x1;&#xd;&#xffff;b</Key>", text, StringComparison.Ordinal);
        XElement encoded = (await server.Raw.GetAsync($"/{bucket}", "list-type=2&encoding-type=url")).Xml;
        Assert.Equal("a%01%0D%EF%BF%BFb", encoded.Element(S3 + "Contents")!.Element(S3 + "Key")!.Value);
    }

    // C2 76: opaque, echoed, safe in a query without encoding.
    [Fact]
    public async Task Continuation_token_is_echoed_and_checked()
    {
        string bucket = await FilledAsync();
        XElement first = (await server.Raw.GetAsync($"/{bucket}", "list-type=2&max-keys=7")).Xml;
        string token = first.Element(S3 + "NextContinuationToken")!.Value;
        Assert.Matches("^[A-Za-z0-9_-]+$", token);
        XElement second = (await server.Raw.GetAsync($"/{bucket}", "list-type=2&start-after=zzz&continuation-token=" + token)).Xml;
        Assert.Equal(token, second.Element(S3 + "ContinuationToken")!.Value);
        Assert.Equal(
            InByteOrder(Keys).Skip(7), second.Elements(S3 + "Contents").Select(entry => entry.Element(S3 + "Key")!.Value));
        RawResponse bad = await server.Raw.GetAsync($"/{bucket}", "list-type=2&continuation-token=%21%21");
        Assert.Equal((400, "InvalidArgument"), (bad.Status, bad.Code));
        RawResponse empty = await server.Raw.GetAsync($"/{bucket}", "list-type=2&continuation-token=");
        Assert.Equal(200, empty.Status);
    }

    // C2 80.
    [Theory]
    [InlineData("", false)]
    [InlineData("&fetch-owner=false", false)]
    [InlineData("&fetch-owner=true", true)]
    public async Task Owner_is_fetched_when_asked_for(string query, bool hasOwner)
    {
        string bucket = await FilledAsync();
        XElement list = (await server.Raw.GetAsync($"/{bucket}", "list-type=2" + query)).Xml;
        Assert.All(
            list.Elements(S3 + "Contents"), entry => Assert.Equal(hasOwner, entry.Element(S3 + "Owner") is not null));
    }

    [Fact]
    public async Task Listing_of_a_missing_bucket_is_404()
    {
        RawResponse got = await server.Raw.GetAsync("/no-such-bucket", "list-type=2");
        Assert.Equal((404, "NoSuchBucket"), (got.Status, got.Code));
    }

    // A write is in the listing that starts after it.
    [Fact]
    public async Task Listing_after_a_write_shows_it()
    {
        string bucket = await server.NewBucketAsync();
        for (int number = 0; number < 50; number++)
        {
            await server.Raw.PutAsync($"/{bucket}/k{number:D3}", "x");
            ListObjectsV2Response page = await server.Client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = bucket });
            Assert.Equal(number + 1, page.KeyCount);
        }
    }

    private static string[] InByteOrder(IEnumerable<string> keys) =>
        [.. keys.OrderBy(key => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal)];

    private static (List<string> Keys, List<string> Prefixes) Model(string prefix, string delimiter)
    {
        var keys = new List<string>();
        var prefixes = new List<string>();
        foreach (string key in InByteOrder(Keys).Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            int at = delimiter.Length > 0 ? key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) : -1;
            string name = at < 0 ? key : key[..(at + delimiter.Length)];
            (at < 0 ? keys : prefixes).Add(name);
        }

        return (keys, [.. prefixes.Distinct()]);
    }

    private async Task<string> FilledAsync()
    {
        string bucket = await server.NewBucketAsync();
        await Task.WhenAll(Keys.Select(key =>
            server.Raw.PutAsync($"/{bucket}/{Cairn.Primitives.Codecs.PercentEncoding.Encode(key, keepSlash: true)}", "x")));
        return bucket;
    }
}
