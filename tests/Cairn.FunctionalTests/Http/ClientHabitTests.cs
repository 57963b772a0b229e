using System.Security.Cryptography;
using System.Xml.Linq;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Http;

/// <summary>
/// Method: what clients that cannot run here, or not in every build, put on the wire (C1), sent by hand. Those that can
/// have sessions of their own in the system tests.
/// </summary>
public sealed class ClientHabitTests(S3Server server)
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    // s3fs asks four times before it believes that a file is not there; a wrong "yes" makes it a folder.
    [Fact]
    public async Task Lookups_of_s3fs_find_exactly_what_is_there()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/dir/file", "x");
        foreach (string key in (string[])["dir", "dir/", "dir_$folder$", "fil"])
        {
            Assert.Equal(404, (await server.Raw.SendAsync(new RawRequest("HEAD", $"/{bucket}/{key}"))).Status);
        }

        Assert.Equal("1", await CountAsync("dir/"));
        Assert.Equal("0", await CountAsync("dir/file/"));
        Assert.Equal("0", await CountAsync("di/"));

        async Task<string> CountAsync(string prefix) => (await server.Raw.GetAsync(
            $"/{bucket}", $"list-type=2&max-keys=2&prefix={Uri.EscapeDataString(prefix)}")).Xml.Element(S3 + "KeyCount")!.Value;
    }

    // Hadoop's S3A keeps markers for folders, and compares the ETag of HEAD with that of GET.
    [Fact]
    public async Task Folder_marker_and_etag_are_what_S3A_counts_on()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/dir/")
        {
            Headers = [("Content-Type", "application/x-directory")],
        });
        await server.Raw.PutAsync($"/{bucket}/dir/file", "x");
        RawResponse marker = await server.Raw.SendAsync(new RawRequest("HEAD", $"/{bucket}/dir/"));
        Assert.Equal(
            (200, "application/x-directory", "0"),
            (marker.Status, marker.Header("Content-Type"), marker.Header("Content-Length")));
        XElement list = (await server.Raw.GetAsync($"/{bucket}", "list-type=2&prefix=dir/&delimiter=/&start-after=dir/")).Xml;
        Assert.Equal(["dir/file"], list.Elements(S3 + "Contents").Select(entry => entry.Element(S3 + "Key")!.Value));

        RawRequest head = new("HEAD", $"/{bucket}/dir/file");
        string etag = (await server.Raw.SendAsync(head)).Header("ETag")!;
        RawResponse got = await server.Raw.SendAsync(
            head with { Method = "GET", Headers = [("If-Match", etag), ("Range", "bytes=0-0")] });
        Assert.Equal((206, etag), (got.Status, got.Header("ETag")));
    }

    // DuckDB: HEAD, then ranges to the end of the file; keys as partitioned tables have them, a bucket with dots.
    [Theory]
    [InlineData("year=2024/part+1.parquet")]
    [InlineData("a:b/c%3Fd.parquet")]
    [InlineData("ts=2024-01-01%2000:00:00/x.parquet")]
    public async Task Ranges_of_DuckDB_fit_the_head(string path)
    {
        string bucket = "dots.in-" + await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}", "");
        await server.Raw.PutAsync($"/{bucket}/{path}", "PAR1 data PAR1");
        RawRequest head = new("HEAD", $"/{bucket}/{path}");
        int size = int.Parse(
            (await server.Raw.SendAsync(head)).Header("Content-Length")!, System.Globalization.CultureInfo.InvariantCulture);
        RawResponse tail = await server.Raw.SendAsync(
            head with { Method = "GET", Headers = [("Range", $"bytes={size - 4}-{size - 1}")] });
        Assert.Equal((206, "PAR1", $"bytes 10-13/{size}"), (tail.Status, tail.Text, tail.Header("Content-Range")));
        Assert.Equal("4", tail.Header("Content-Length"));
    }

    // aws 2.38 sends a part of 8 MiB as one chunk, and says more than once that it wants no annotations copied.
    [Fact]
    public async Task Headers_and_framing_of_aws_2_38_are_taken()
    {
        string bucket = await server.NewBucketAsync();
        byte[] body = RandomNumberGenerator.GetBytes(9 << 20);
        byte[] start = System.Text.Encoding.ASCII.GetBytes($"{body.Length:x}\r\n");
        RawResponse put = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            PayloadHash = "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            Headers =
            [
                ("content-encoding", "aws-chunked"),
                ("x-amz-decoded-content-length", $"{body.Length}"),
                ("x-amz-sdk-checksum-algorithm", "SHA256"),
                ("x-amz-trailer", "x-amz-checksum-sha256"),
                ("amz-sdk-request", "attempt=1"),
            ],
            Body =
            [
                .. start,
                .. body,
                .. System.Text.Encoding.ASCII.GetBytes(
                    $"\r\n0\r\nx-amz-checksum-sha256:{Convert.ToBase64String(SHA256.HashData(body))}\r\n\r\n"),
            ],
        });
        Assert.True(put.Status == 200, put.Text);
        RawResponse copy = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/copy")
        {
            Headers = [("x-amz-copy-source", $"{bucket}/k"), ("x-amz-object-annotation-directive", "EXCLUDE")],
        });
        Assert.Equal(200, copy.Status);
        Assert.Equal(body, (await server.Raw.GetAsync($"/{bucket}/copy")).Body);
        RawResponse deleted = await server.Raw.SendAsync(
            new RawRequest("DELETE", $"/{bucket}/k") { PayloadHash = "UNSIGNED-PAYLOAD" });
        Assert.Equal(204, deleted.Status);
    }

    // s3cmd keeps the file's attributes in one header, and reads the list of rights of what it copies.
    [Fact]
    public async Task Attributes_of_s3cmd_come_back()
    {
        string bucket = await server.NewBucketAsync();
        const string attributes = "atime:1700000000/ctime:1700000000/gid:0/gname:root/md5:9dd4e461268c8034f5c8564e155c67a6/mode:33188";
        await server.Raw.PutAsync($"/{bucket}/k", "x", ("x-amz-meta-s3cmd-attrs", attributes));
        Assert.Equal(attributes, (await server.Raw.GetAsync($"/{bucket}/k")).Header("x-amz-meta-s3cmd-attrs"));
        RawResponse acl = await server.Raw.GetAsync($"/{bucket}/k", "acl");
        RawResponse written = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { Query = "acl", Body = acl.Body });
        Assert.Equal(200, written.Status);
    }
}
