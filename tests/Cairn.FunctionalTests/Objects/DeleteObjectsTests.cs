using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Amazon.S3.Model;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Objects;

/// <summary>Method: documents of DeleteObjects, right and wrong, and what is left afterwards. C2 97.</summary>
public sealed class DeleteObjectsTests(S3Server server)
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    [Fact]
    public async Task Thousand_keys_go_at_once_with_the_aws_client()
    {
        string bucket = await server.NewBucketAsync();
        string[] keys = [.. Enumerable.Range(0, 1000).Select(number => "k" + number)];
        await Parallel.ForEachAsync(keys.Take(50), async (key, _) => await server.Raw.PutAsync($"/{bucket}/{key}", "x"));
        DeleteObjectsResponse deleted = await server.Client.DeleteObjectsAsync(new DeleteObjectsRequest
        {
            BucketName = bucket,
            Objects = [.. keys.Select(key => new KeyVersion { Key = key })],
        });
        Assert.Equal(keys, deleted.DeletedObjects.Select(entry => entry.Key));
        Assert.Equal(0, (await server.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).KeyCount);
    }

    [Fact]
    public async Task Integrity_is_required_and_may_be_a_checksum()
    {
        string bucket = await server.NewBucketAsync();
        const string document = "<Delete><Object><Key>k</Key></Object></Delete>";
        byte[] body = Encoding.UTF8.GetBytes(document);
        RawRequest request = new RawRequest("POST", $"/{bucket}") { Query = "delete" }.WithText(document);
        Assert.Equal("InvalidRequest", (await server.Raw.SendAsync(request)).Code);
        RawResponse md5 = await server.Raw.SendAsync(
            request with { Headers = [("Content-MD5", Convert.ToBase64String(MD5.HashData(body)))] });
        Assert.Equal(200, md5.Status);
        RawResponse sha256 = await server.Raw.SendAsync(
            request with { Headers = [("x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData(body)))] });
        Assert.Equal(200, sha256.Status);
        RawResponse wrong = await server.Raw.SendAsync(
            request with { Headers = [("x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData([])))] });
        Assert.Equal("BadDigest", wrong.Code);
    }

    [Theory]
    [InlineData("<Delete/>")]
    [InlineData("<Delete><Object/></Delete>")]
    [InlineData("<Delete><Object><Key></Key></Object></Delete>")]
    [InlineData("<Delete><Object><Key>k</Key></Object>")]
    [InlineData("<Remove><Object><Key>k</Key></Object></Remove>")]
    [InlineData("nothing")]
    public async Task Malformed_document_is_refused(string document)
    {
        string bucket = await server.NewBucketAsync();
        Assert.Equal("MalformedXML", (await SendAsync(bucket, document)).Code);
    }

    [Fact]
    public async Task More_than_a_thousand_keys_are_refused()
    {
        string bucket = await server.NewBucketAsync();
        string document = "<Delete>" + string.Concat(Enumerable.Repeat("<Object><Key>k</Key></Object>", 1001)) + "</Delete>";
        Assert.Equal("MalformedXML", (await SendAsync(bucket, document)).Code);
    }

    [Fact]
    public async Task Quiet_answers_errors_only()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse got = await SendAsync(
            bucket,
            "<Delete><Quiet>true</Quiet><Object><Key>k</Key></Object>"
            + "<Object><Key>v</Key><VersionId>garbage</VersionId></Object></Delete>");
        Assert.Empty(got.Xml.Elements(S3 + "Deleted"));
        XElement error = Assert.Single(got.Xml.Elements(S3 + "Error"));
        Assert.Equal(
            ("v", "garbage", "NoSuchVersion"),
            (error.Element(S3 + "Key")!.Value, error.Element(S3 + "VersionId")!.Value, error.Element(S3 + "Code")!.Value));
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/k")).Status);
    }

    [Fact]
    public async Task White_space_in_keys_is_the_keys()
    {
        string bucket = await server.NewBucketAsync();
        foreach (string path in (string[])["%20", "%20a", "a%20", "%0A"])
        {
            await server.Raw.PutAsync($"/{bucket}/{path}", "x");
        }

        await SendAsync(
            bucket,
            "<Delete>\n  <Object>\n    <Key> </Key>\n  </Object>\n  <Object><Key> a</Key></Object>"
            + "<Object><Key>a </Key></Object><Object><Key>&#10;</Key></Object>\n</Delete>");
        Assert.Equal(0, (await server.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).KeyCount);
    }

    [Fact]
    public async Task Versions_and_markers_are_named_in_the_answer()
    {
        string bucket = await server.NewBucketAsync();
        await server.Client.PutBucketVersioningAsync(new PutBucketVersioningRequest
        {
            BucketName = bucket,
            VersioningConfig = new S3BucketVersioningConfig { Status = Amazon.S3.VersionStatus.Enabled },
        });
        string version = (await server.Raw.PutAsync($"/{bucket}/a", "x")).Header("x-amz-version-id")!;
        await server.Raw.PutAsync($"/{bucket}/b", "x");
        RawResponse got = await SendAsync(
            bucket,
            $"<Delete><Object><Key>a</Key><VersionId>{version}</VersionId></Object><Object><Key>b</Key></Object></Delete>");
        XElement[] deleted = [.. got.Xml.Elements(S3 + "Deleted")];
        Assert.Equal(version, deleted[0].Element(S3 + "VersionId")!.Value);
        Assert.Null(deleted[0].Element(S3 + "DeleteMarker"));
        Assert.Equal("true", deleted[1].Element(S3 + "DeleteMarker")!.Value);
        Assert.NotNull(deleted[1].Element(S3 + "DeleteMarkerVersionId"));
    }

    [Fact]
    public async Task Conditions_of_single_entries_decide()
    {
        string bucket = await server.NewBucketAsync();
        string etag = (await server.Raw.PutAsync($"/{bucket}/k", "x")).Header("ETag")!;
        RawResponse refused = await SendAsync(bucket, "<Delete><Object><Key>k</Key><ETag>other</ETag></Object></Delete>");
        Assert.Equal("PreconditionFailed", refused.Xml.Element(S3 + "Error")!.Element(S3 + "Code")!.Value);
        await SendAsync(bucket, $"<Delete><Object><Key>k</Key><ETag>{etag}</ETag></Object></Delete>");
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/k")).Status);
    }

    [Theory]
    [InlineData("If-Match", "\"other\"", 412)]
    [InlineData("If-Match", "*", 204)]
    [InlineData("x-amz-if-match-size", "2", 412)]
    [InlineData("x-amz-if-match-size", "1", 204)]
    [InlineData("x-amz-if-match-size", "x", 400)]
    [InlineData("x-amz-if-match-last-modified-time", "Sat, 01 Jan 2000 00:00:00 GMT", 412)]
    [InlineData("x-amz-if-match-last-modified-time", "garbage", 400)]
    public async Task Conditional_delete_decides(string name, string value, int status)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("DELETE", $"/{bucket}/k") { Headers = [(name, value)] });
        Assert.Equal(status, got.Status);
        Assert.Equal(status == 204 ? 404 : 200, (await server.Raw.GetAsync($"/{bucket}/k")).Status);
    }

    private Task<RawResponse> SendAsync(string bucket, string document) =>
        server.Raw.SendAsync(new RawRequest("POST", $"/{bucket}")
        {
            Query = "delete=",
            Headers = [("Content-MD5", Convert.ToBase64String(MD5.HashData(Encoding.UTF8.GetBytes(document))))],
        }.WithText(document));

    [Fact]
    public async Task Thousand_versions_go_at_once()
    {
        string bucket = await server.NewBucketAsync();
        await server.Client.PutBucketVersioningAsync(new PutBucketVersioningRequest
        {
            BucketName = bucket,
            VersioningConfig = new S3BucketVersioningConfig { Status = Amazon.S3.VersionStatus.Enabled },
        });
        string kept = (await server.Raw.PutAsync($"/{bucket}/k", "kept")).Header("x-amz-version-id")!;
        string[] versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
            (await server.Raw.PutAsync($"/{bucket}/k", "x")).Header("x-amz-version-id")!));
        string[] strangers = [.. Enumerable.Range(1, 980).Select(number => $"{number:x32}")];
        DeleteObjectsResponse deleted = await server.Client.DeleteObjectsAsync(new DeleteObjectsRequest
        {
            BucketName = bucket,
            Objects = [.. versions.Concat(strangers).Select(version => new KeyVersion { Key = "k", VersionId = version })],
        });
        Assert.Equal(versions.Concat(strangers), deleted.DeletedObjects.Select(entry => entry.VersionId));
        Assert.Equal([kept], (await server.Client.ListVersionsAsync(bucket)).Versions.Select(version => version.VersionId));
    }

    // C2 78: what a listing shows as a reference can be named by one.
    [Theory]
    [InlineData("%01", "&#x1;")]
    [InlineData("a%0Db", "a&#13;b")]
    [InlineData("%EF%BF%BF", "&#xffff;")]
    [InlineData("%01", "\u0001")]
    [InlineData("a%1F%EF%BF%BE%EF%BF%BFb%EF%BD%9E", "a\u001f\ufffe\uffffb\uff5e")]
    [InlineData("%F0%9F%98%80", "&#x1F600;")]
    [InlineData("a%3Cb", "<![CDATA[a<b]]>")]
    public async Task Key_of_any_characters_can_be_named(string path, string key)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/{path}", "x");
        RawResponse got = await SendAsync(bucket, $"<Delete><Object><Key>{key}</Key></Object></Delete>");
        Assert.Equal(200, got.Status);
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/{path}")).Status);
    }

    // Half a character would come out as another key.
    [Fact]
    public async Task Key_that_is_no_text_is_refused()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/%EF%BF%BD", "x");
        RawResponse half = await SendAsync(bucket, "<Delete><Object><Key>&#xD83D;</Key></Object></Delete>");
        Assert.Equal((400, "MalformedXML"), (half.Status, half.Code));
        Assert.Equal("x", (await server.Raw.GetAsync($"/{bucket}/%EF%BF%BD")).Text);
    }

    // One bad key spoils itself only.
    [Fact]
    public async Task Key_too_long_is_refused_alone()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse got = await SendAsync(
            bucket, $"<Delete><Object><Key>{new string('a', 1025)}</Key></Object><Object><Key>k</Key></Object></Delete>");
        Assert.Equal("KeyTooLongError", got.Xml.Element(S3 + "Error")!.Element(S3 + "Code")!.Value);
        Assert.Equal("k", got.Xml.Element(S3 + "Deleted")!.Element(S3 + "Key")!.Value);
    }

    // AWS names a marker that was removed by its version in both ways.
    [Fact]
    public async Task Removed_marker_is_named_as_one()
    {
        string bucket = await server.NewBucketAsync();
        await server.Client.PutBucketVersioningAsync(new PutBucketVersioningRequest
        {
            BucketName = bucket,
            VersioningConfig = new S3BucketVersioningConfig { Status = Amazon.S3.VersionStatus.Enabled },
        });
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        string marker = (await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}/k"))).Header("x-amz-version-id")!;
        RawResponse got = await SendAsync(
            bucket, $"<Delete><Object><Key>k</Key><VersionId>{marker}</VersionId></Object></Delete>");
        XElement deleted = got.Xml.Element(S3 + "Deleted")!;
        Assert.Equal(
            (marker, "true", marker),
            (deleted.Element(S3 + "VersionId")!.Value, deleted.Element(S3 + "DeleteMarker")!.Value,
                deleted.Element(S3 + "DeleteMarkerVersionId")!.Value));
        Assert.Equal("x", (await server.Raw.GetAsync($"/{bucket}/k")).Text);
    }
}
