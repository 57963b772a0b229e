using System.Xml.Linq;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Objects;

/// <summary>Method: pages of parts against the parts that were uploaded; and what has no attributes.</summary>
public sealed class ObjectAttributesTests(S3Server server)
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    [Fact]
    public async Task Parts_come_in_pages()
    {
        string bucket = await server.NewBucketAsync();
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/k", ("x-amz-checksum-algorithm", "CRC32"));
        for (int number = 1; number <= 2; number++)
        {
            await upload.PutAsync(number, new byte[(5 << 20) + number], ("x-amz-checksum-crc32", Crc32(number)));
        }

        await upload.PutAsync(3, "x"u8.ToArray(), ("x-amz-checksum-crc32", "jNwWgw=="));
        RawResponse done = await upload.CompleteAsync();
        Assert.True(done.Status == 200, done.Text);

        XElement first = await PartsAsync(bucket, ("x-amz-max-parts", "2"));
        Assert.Equal(["1 5242881", "2 5242882"], Listed(first));
        Assert.Equal(
            ("3", "true", "2", "0", "2"),
            (Text(first, "PartsCount"), Text(first, "IsTruncated"), Text(first, "MaxParts"), Text(first, "PartNumberMarker"),
                Text(first, "NextPartNumberMarker")));
        XElement second = await PartsAsync(bucket, ("x-amz-max-parts", "2"), ("x-amz-part-number-marker", "2"));
        Assert.Equal(["3 1"], Listed(second));
        Assert.Equal(("false", "2"), (Text(second, "IsTruncated"), Text(second, "PartNumberMarker")));
        Assert.Equal("jNwWgw==", second.Element(S3 + "Part")!.Element(S3 + "ChecksumCRC32")!.Value);
        Assert.Empty(Listed(await PartsAsync(bucket, ("x-amz-part-number-marker", "3"))));
    }

    [Theory]
    [InlineData("x-amz-max-parts", "-1")]
    [InlineData("x-amz-max-parts", "x")]
    [InlineData("x-amz-part-number-marker", "-1")]
    public async Task Bad_page_is_refused(string name, string value)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse got = await AskAsync($"/{bucket}/k", "", ("x-amz-object-attributes", "ObjectParts"), (name, value));
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
    }

    // One put has no parts, and only what was asked for is answered; headers say which version it is.
    [Fact]
    public async Task Object_of_one_put_has_no_parts()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse got = await AskAsync($"/{bucket}/k", "", ("x-amz-object-attributes", "ObjectParts,ObjectSize"));
        Assert.Equal(["ObjectSize"], got.Xml.Elements().Select(element => element.Name.LocalName));
        Assert.NotNull(got.Header("Last-Modified"));
    }

    [Fact]
    public async Task Delete_marker_has_no_attributes()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}") { Query = "versioning" }
            .WithText("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"));
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        string marker = (await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}/k"))).Header("x-amz-version-id")!;
        RawResponse hidden = await AskAsync($"/{bucket}/k", "", ("x-amz-object-attributes", "ETag"));
        Assert.Equal((404, "true"), (hidden.Status, hidden.Header("x-amz-delete-marker")));
        RawResponse itself = await AskAsync($"/{bucket}/k", "&versionId=" + marker, ("x-amz-object-attributes", "ETag"));
        Assert.Equal((405, "true"), (itself.Status, itself.Header("x-amz-delete-marker")));
    }

    private static string Crc32(int number)
    {
        byte[] value = new byte[4];
        Cairn.Primitives.Checksums.Crc32 crc = default;
        crc.Append(new byte[(5 << 20) + number]);
        crc.WriteDigest(value);
        return Convert.ToBase64String(value);
    }

    private static string Text(XElement parts, string name) => parts.Element(S3 + name)!.Value;

    private static string[] Listed(XElement parts) =>
        [.. parts.Elements(S3 + "Part").Select(part => $"{Text(part, "PartNumber")} {Text(part, "Size")}")];

    private async Task<XElement> PartsAsync(string bucket, params (string Name, string Value)[] headers) =>
        (await AskAsync($"/{bucket}/k", "", [("x-amz-object-attributes", "ObjectParts"), .. headers]))
            .Xml.Element(S3 + "ObjectParts")!;

    private Task<RawResponse> AskAsync(string path, string query, params (string Name, string Value)[] headers) =>
        server.Raw.SendAsync(new RawRequest("GET", path) { Query = "attributes" + query, Headers = headers });
}
