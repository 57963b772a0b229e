using System.Xml.Linq;
using Amazon.S3;
using Amazon.S3.Model;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Versions;

/// <summary>
/// Method: histories of one key in a versioned bucket, seen through every operation that shows versions.
/// </summary>
public sealed class VersionTests(S3Server server)
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    [Fact]
    public async Task Versions_are_kept_read_and_removed()
    {
        string bucket = await VersionedAsync();
        string first = (await server.Raw.PutAsync($"/{bucket}/k", "1")).Header("x-amz-version-id")!;
        string second = (await server.Raw.PutAsync($"/{bucket}/k", "2")).Header("x-amz-version-id")!;
        Assert.NotEqual(first, second);
        Assert.Equal("2", (await server.Raw.GetAsync($"/{bucket}/k")).Text);
        RawResponse old = await server.Raw.GetAsync($"/{bucket}/k", "versionId=" + first);
        Assert.Equal(("1", first), (old.Text, old.Header("x-amz-version-id")));
        RawResponse removed = await server.Raw.SendAsync(
            new RawRequest("DELETE", $"/{bucket}/k") { Query = "versionId=" + second });
        Assert.Equal((204, second), (removed.Status, removed.Header("x-amz-version-id")));
        Assert.Equal("1", (await server.Raw.GetAsync($"/{bucket}/k")).Text);
        RawResponse gone = await server.Raw.GetAsync($"/{bucket}/k", "versionId=" + second);
        Assert.Equal((404, "NoSuchVersion"), (gone.Status, gone.Code));
    }

    // C2 90.
    [Fact]
    public async Task Delete_marker_hides_the_key_and_shows_itself()
    {
        string bucket = await VersionedAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "1");
        RawResponse deleted = await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}/k"));
        Assert.Equal((204, "true"), (deleted.Status, deleted.Header("x-amz-delete-marker")));
        string marker = deleted.Header("x-amz-version-id")!;
        foreach (string method in (string[])["GET", "HEAD"])
        {
            RawResponse hidden = await server.Raw.SendAsync(new RawRequest(method, $"/{bucket}/k"));
            Assert.Equal((404, "true"), (hidden.Status, hidden.Header("x-amz-delete-marker")));
            RawResponse itself = await server.Raw.SendAsync(
                new RawRequest(method, $"/{bucket}/k") { Query = "versionId=" + marker });
            Assert.Equal((405, "true"), (itself.Status, itself.Header("x-amz-delete-marker")));
            Assert.NotNull(itself.Header("Last-Modified"));
        }

        // C2 62: a marker counts as absent.
        Assert.Equal(200, (await server.Raw.PutAsync($"/{bucket}/k", "2", ("If-None-Match", "*"))).Status);
        RawResponse undone = await server.Raw.SendAsync(
            new RawRequest("DELETE", $"/{bucket}/k") { Query = "versionId=" + marker });
        Assert.Equal((204, "true"), (undone.Status, undone.Header("x-amz-delete-marker")));
    }

    // C2 89.
    [Fact]
    public async Task Suspended_bucket_replaces_the_null_version()
    {
        string bucket = await server.NewBucketAsync();
        Assert.Null((await server.Raw.PutAsync($"/{bucket}/k", "null 1")).Header("x-amz-version-id"));
        await SetVersioningAsync(bucket, VersionStatus.Enabled);
        string kept = (await server.Raw.PutAsync($"/{bucket}/k", "kept")).Header("x-amz-version-id")!;
        await SetVersioningAsync(bucket, VersionStatus.Suspended);
        Assert.Equal("null", (await server.Raw.PutAsync($"/{bucket}/k", "null 2")).Header("x-amz-version-id"));
        Assert.Equal("null 2", (await server.Raw.GetAsync($"/{bucket}/k", "versionId=null")).Text);
        Assert.Equal("kept", (await server.Raw.GetAsync($"/{bucket}/k", "versionId=" + kept)).Text);
        XElement list = (await server.Raw.GetAsync($"/{bucket}", "versions")).Xml;
        Assert.Equal(
            ["null", kept], list.Elements(S3 + "Version").Select(version => version.Element(S3 + "VersionId")!.Value));
    }

    // C2 81.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Versions_are_listed_newest_first_with_markers_between(int size)
    {
        string bucket = await VersionedAsync();
        var expected = new List<string>();
        foreach (string key in (string[])["a", "b", "c/d", "c/e"])
        {
            var history = new List<string>();
            for (int number = 0; number < 3; number++)
            {
                RawResponse response = number == 1
                    ? await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}/{key}"))
                    : await server.Raw.PutAsync($"/{bucket}/{key}", "x");
                history.Insert(0, $"{key} {response.Header("x-amz-version-id")} {number == 1} {number == 2}");
            }

            expected.AddRange(history);
        }

        var seen = new List<string>();
        string query = "versions&max-keys=" + size;
        string next = query;
        while (true)
        {
            XElement page = (await server.Raw.GetAsync($"/{bucket}", next)).Xml;
            foreach (XElement version in page.Elements().Where(element => element.Name.LocalName is "Version" or "DeleteMarker"))
            {
                seen.Add(
                    $"{version.Element(S3 + "Key")!.Value} {version.Element(S3 + "VersionId")!.Value} "
                    + $"{version.Name.LocalName == "DeleteMarker"} {version.Element(S3 + "IsLatest")!.Value == "true"}");
            }

            if (page.Element(S3 + "IsTruncated")!.Value == "false")
            {
                break;
            }

            next = $"{query}&key-marker={Uri.EscapeDataString(page.Element(S3 + "NextKeyMarker")!.Value)}"
                + $"&version-id-marker={page.Element(S3 + "NextVersionIdMarker")?.Value}";
        }

        Assert.Equal(expected, seen);
    }

    [Theory]
    [InlineData("versions&version-id-marker=null", "InvalidArgument")]
    [InlineData("versions&key-marker=a&version-id-marker=garbage", "InvalidArgument")]
    public async Task Bad_version_marker_is_refused(string query, string code)
    {
        string bucket = await VersionedAsync();
        RawResponse got = await server.Raw.GetAsync($"/{bucket}", query);
        Assert.Equal((400, code), (got.Status, got.Code));
    }

    [Fact]
    public async Task Version_that_cannot_be_is_400_and_one_that_is_not_404()
    {
        string bucket = await VersionedAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse garbage = await server.Raw.GetAsync($"/{bucket}/k", "versionId=garbage");
        Assert.Equal((400, "InvalidArgument"), (garbage.Status, garbage.Code));
        RawResponse missing = await server.Raw.GetAsync($"/{bucket}/k", "versionId=" + new string('1', 32));
        Assert.Equal((404, "NoSuchVersion"), (missing.Status, missing.Code));
    }

    // C2 81: an unversioned bucket lists the version "null".
    [Fact]
    public async Task Unversioned_objects_are_listed_as_null()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        ListVersionsResponse list = await server.Client.ListVersionsAsync(bucket);
        S3ObjectVersion version = Assert.Single(list.Versions);
        Assert.Equal(("null", true), (version.VersionId, version.IsLatest));
    }

    private async Task<string> VersionedAsync()
    {
        string bucket = await server.NewBucketAsync();
        await SetVersioningAsync(bucket, VersionStatus.Enabled);
        return bucket;
    }

    private async Task SetVersioningAsync(string bucket, VersionStatus status) =>
        await server.Client.PutBucketVersioningAsync(new PutBucketVersioningRequest
        {
            BucketName = bucket,
            VersioningConfig = new S3BucketVersioningConfig { Status = status },
        });
}
