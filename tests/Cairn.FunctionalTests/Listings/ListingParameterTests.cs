using System.Xml.Linq;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Listings;

/// <summary>Method: one parameter in all listings that have it; the rule must be the same in each.</summary>
public sealed class ListingParameterTests(S3Server server)
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    // C2 74 and D2 13; Ceph was stopped by one request for a page of everything.
    [Theory]
    [InlineData("max-keys", "MaxKeys")]
    [InlineData("list-type=2&max-keys", "MaxKeys")]
    [InlineData("versions&max-keys", "MaxKeys")]
    [InlineData("uploads&max-uploads", "MaxUploads")]
    public async Task CVE_2018_16846_pages_are_capped(string parameter, string element)
    {
        string bucket = await server.NewBucketAsync();
        XElement list = (await server.Raw.GetAsync($"/{bucket}", parameter + "=2147483647")).Xml;
        Assert.Equal("1000", list.Element(S3 + element)!.Value);
        XElement none = (await server.Raw.GetAsync($"/{bucket}", parameter + "=0")).Xml;
        Assert.Equal(("0", "false"), (none.Element(S3 + element)!.Value, none.Element(S3 + "IsTruncated")!.Value));
        foreach (string bad in (string[])["-1", "x", "1.5", "2147483648"])
        {
            RawResponse got = await server.Raw.GetAsync($"/{bucket}", $"{parameter}={bad}");
            Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
        }
    }

    // C2 77: every element that holds a key or a part of one.
    [Theory]
    [InlineData("", "Prefix Delimiter Marker")]
    [InlineData("list-type=2&", "Prefix Delimiter StartAfter")]
    [InlineData("versions&", "Prefix Delimiter KeyMarker")]
    [InlineData("uploads&", "Prefix Delimiter KeyMarker")]
    public async Task Url_encoding_covers_what_the_client_sent(string listing, string elements)
    {
        string bucket = await server.NewBucketAsync();
        const string marker = "b%26%20%2B";
        XElement list = (await server.Raw.GetAsync(
            $"/{bucket}",
            listing + "encoding-type=url&prefix=a%2B%2F%25&delimiter=%C3%A9+"
                + $"&marker={marker}&start-after={marker}&key-marker={marker}")).Xml;
        Assert.Equal("url", list.Element(S3 + "EncodingType")!.Value);
        string[] names = elements.Split(' ');
        Assert.Equal(
            ["a%2B/%25", "%C3%A9%20", marker], names.Select(name => list.Element(S3 + name)!.Value));
        XElement plain = (await server.Raw.GetAsync($"/{bucket}", listing + "prefix=a%2B%2F%25")).Xml;
        Assert.Equal(("a+/%", null), (plain.Element(S3 + "Prefix")!.Value, plain.Element(S3 + "EncodingType")));
    }

    // C2 79: an empty delimiter is none.
    [Theory]
    [InlineData("delimiter=")]
    [InlineData("list-type=2&delimiter=")]
    [InlineData("versions&delimiter=")]
    [InlineData("uploads&delimiter=")]
    public async Task Empty_delimiter_is_no_delimiter(string query)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/a/b", "x");
        await RawUpload.BeginAsync(server.Raw, $"/{bucket}/a/b");
        XElement list = (await server.Raw.GetAsync($"/{bucket}", query)).Xml;
        Assert.Null(list.Element(S3 + "Delimiter"));
        Assert.Empty(list.Elements(S3 + "CommonPrefixes"));
        Assert.Single(list.Descendants(S3 + "Key"));
    }

    // A listing of a kind that nobody knows is not one of another kind.
    [Theory]
    [InlineData("1", 200)]
    [InlineData("", 200)]
    [InlineData("3", 400)]
    [InlineData("x", 400)]
    public async Task Type_of_listing_is_checked(string type, int status)
    {
        string bucket = await server.NewBucketAsync();
        Assert.Equal(status, (await server.Raw.GetAsync($"/{bucket}", "list-type=" + type)).Status);
    }

    // Parameters that no key can match, at and over every limit: an answer, never a failure.
    [Theory]
    [InlineData("%00")]
    [InlineData("%01%EF%BF%BF")]
    [InlineData("%F0%9F%98%80")]
    [InlineData("long")]
    public async Task Odd_markers_and_prefixes_are_answered(string text)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        string value = text == "long" ? new string('a', 3000) : text;
        foreach (string query in (string[])["prefix=", "delimiter=", "marker=", "list-type=2&start-after=", "versions&prefix=",
            "versions&delimiter=", "versions&key-marker=", "uploads&prefix=", "uploads&delimiter=", "uploads&key-marker=",
            "uploads&key-marker=k&upload-id-marker="])
        {
            Assert.Equal(200, (await server.Raw.GetAsync($"/{bucket}", query + value)).Status);
        }
    }
}
