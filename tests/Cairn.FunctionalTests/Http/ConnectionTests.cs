using System.Text;
using Cairn.Api.S3;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Http;

/// <summary>Method: raw sockets, because what is tested here is what a client library hides.</summary>
public sealed class ConnectionTests(S3Server server)
{
    // C2 28: the final status at once, and no waiting for a body that will not come.
    [Fact]
    public async Task Expecting_client_learns_of_an_error_without_sending_its_body()
    {
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.EncodeHead(
            new RawRequest("PUT", "/no-such-bucket/k")
            {
                Headers = [("Expect", "100-continue")],
                PayloadHash = "UNSIGNED-PAYLOAD",
                ContentLength = 10_000_000,
            },
            out _));
        RawResponse got = await connection.ReceiveAsync();
        Assert.Equal((404, "NoSuchBucket"), (got.Status, got.Code));
        Assert.True(got.IsClosed);
        Assert.True(await connection.IsEndedByServerAsync());
    }

    // C2 28.
    [Fact]
    public async Task Expecting_client_is_told_to_go_on_when_nothing_stands_against_it()
    {
        string bucket = await server.NewBucketAsync();
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.EncodeHead(
            new RawRequest("PUT", $"/{bucket}/k")
            {
                Headers = [("Expect", "100-continue")],
                PayloadHash = "UNSIGNED-PAYLOAD",
                ContentLength = 5,
            },
            out _));
        Assert.Equal(100, (await connection.ReceiveAsync()).Status);
        await connection.SendAsync("hello");
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    // The aws CLI of Debian 12 (botocore 1.29) keeps the answer that came in place of a 100 for the next request of the
    // connection, and waits for a minute: `aws s3 sync` of a folder with an empty file hung now and then.
    [Theory]
    [InlineData("", 200)]
    [InlineData("tagging", 400)]
    public async Task Expecting_client_with_an_empty_body_gets_no_second_request_on_its_connection(string query, int status)
    {
        string bucket = await server.NewBucketAsync();
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.EncodeHead(
            new RawRequest("PUT", $"/{bucket}/k")
            {
                Query = query,
                Headers = [("Expect", "100-continue")],
                PayloadHash = "UNSIGNED-PAYLOAD",
                ContentLength = 0,
            },
            out _));
        RawResponse got = await connection.ReceiveAsync();
        Assert.Equal((status, true), (got.Status, got.IsClosed));
        Assert.True(await connection.IsEndedByServerAsync());
    }

    [Fact]
    public async Task Expecting_client_with_a_wrong_signature_is_not_told_to_go_on()
    {
        string bucket = await server.NewBucketAsync();
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.EncodeHead(
            new RawRequest("PUT", $"/{bucket}/k")
            {
                Headers = [("Expect", "100-continue")],
                UnsignedHeaders = [("x-amz-meta-unsigned", "1")],
                PayloadHash = "UNSIGNED-PAYLOAD",
                ContentLength = 5,
            },
            out _));
        Assert.Equal(403, (await connection.ReceiveAsync()).Status);
    }

    // C2 29: a small body is drained, and the connection goes on.
    [Fact]
    public async Task Early_error_with_a_small_body_keeps_the_connection()
    {
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.Encode(
            new RawRequest("PUT", "/no-such-bucket/k").WithText(new string('x', 50_000)), out _));
        RawResponse first = await connection.ReceiveAsync();
        Assert.Equal(404, first.Status);
        Assert.False(first.IsClosed);
        await connection.SendAsync(server.Raw.Encode(new RawRequest("GET", "/"), out _));
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    // C2 29: s3cmd's fifteen "broken pipe" reports: the answer must be readable although the body was not taken.
    [Fact]
    public async Task Early_error_with_a_large_body_is_answered_and_closed()
    {
        using RawConnection connection = await server.Raw.ConnectAsync();
        byte[] body = new byte[4 << 20];
        await connection.SendAsync(server.Raw.EncodeHead(
            new RawRequest("PUT", "/no-such-bucket/k") { PayloadHash = "UNSIGNED-PAYLOAD", ContentLength = body.Length },
            out _));
        Task sending = connection.SendAsync(body);
        RawResponse got = await connection.ReceiveAsync();
        Assert.Equal((404, "NoSuchBucket"), (got.Status, got.Code));
        Assert.True(got.IsClosed);
        await sending;
    }

    // A body that was read to its end leaves nothing on the connection, however large it was.
    [Fact]
    public async Task Error_behind_a_whole_body_keeps_the_connection()
    {
        string bucket = await server.NewBucketAsync();
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.Encode(
            new RawRequest("PUT", $"/{bucket}/k")
            {
                Headers = [("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==")],
                Body = new byte[1 << 20],
            },
            out _));
        RawResponse got = await connection.ReceiveAsync();
        Assert.Equal((400, "BadDigest", false), (got.Status, got.Code, got.IsClosed));
        await connection.SendAsync(server.Raw.Encode(new RawRequest("GET", $"/{bucket}"), out _));
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    // C2 35; Ceph CVE-2020-1700 and MinIO CVE-2022-31028: an idle upload does not hold its connection.
    [Fact]
    public async Task CVE_2020_1700_idle_upload_ends_in_request_timeout()
    {
        Uri address = await server.StartAsync(new S3Options { UploadPatience = TimeSpan.FromMilliseconds(300) });
        var raw = new RawS3(address, server.Signer);
        string bucket = await server.NewBucketAsync();
        using RawConnection connection = await raw.ConnectAsync();
        await connection.SendAsync(raw.EncodeHead(
            new RawRequest("PUT", $"/{bucket}/k") { PayloadHash = "UNSIGNED-PAYLOAD", ContentLength = 100 }, out _));
        await connection.SendAsync("half");
        RawResponse got = await connection.ReceiveAsync();
        Assert.Equal((400, "RequestTimeout"), (got.Status, got.Code));
        Assert.True(got.IsClosed);
        Assert.True(await connection.IsEndedByServerAsync());
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/k")).Status);
    }

    // C2 12 and "bodies cut off".
    [Fact]
    public async Task Body_cut_off_leaves_nothing()
    {
        string bucket = await server.NewBucketAsync();
        using (RawConnection connection = await server.Raw.ConnectAsync())
        {
            await connection.SendAsync(server.Raw.EncodeHead(
                new RawRequest("PUT", $"/{bucket}/k") { PayloadHash = "UNSIGNED-PAYLOAD", ContentLength = 1_000_000 },
                out _));
            await connection.SendAsync(new byte[500_000]);
            connection.EndSending();
            await connection.WaitForEndAsync();
        }

        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/k")).Status);
    }

    // C2 65.
    [Fact]
    public async Task Put_without_a_length_is_411()
    {
        string bucket = await server.NewBucketAsync();
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.EncodeHead(
            new RawRequest("PUT", $"/{bucket}/k")
            {
                PayloadHash = "UNSIGNED-PAYLOAD",
                ContentLength = -1,
                Headers = [("Transfer-Encoding", "chunked")],
            },
            out _));
        await connection.SendAsync("1\r\nx\r\n0\r\n\r\n");
        RawResponse got = await connection.ReceiveAsync();
        Assert.Equal((411, "MissingContentLength"), (got.Status, got.Code));
    }

    // C2 65.
    [Fact]
    public async Task Put_over_five_gibibytes_is_refused_before_its_body()
    {
        string bucket = await server.NewBucketAsync();
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.EncodeHead(
            new RawRequest("PUT", $"/{bucket}/k")
            {
                PayloadHash = "UNSIGNED-PAYLOAD",
                ContentLength = (5L << 30) + 1,
                Headers = [("Expect", "100-continue")],
            },
            out _));
        RawResponse got = await connection.ReceiveAsync();
        Assert.Equal((400, "EntityTooLarge"), (got.Status, got.Code));
    }

    // C2 33.
    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/no-such-bucket", 404)]
    [InlineData("HEAD", "/no-such-bucket", 404)]
    public async Task Every_answer_has_its_request_id(string method, string path, int status)
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest(method, path));
        Assert.Equal(status, got.Status);
        Assert.Matches("^[0-9A-F]{16}$", got.Header("x-amz-request-id"));
        Assert.NotNull(got.Header("x-amz-id-2"));
        if (got.Body.Length > 0 && status == 404)
        {
            Assert.Equal(got.Header("x-amz-request-id"), got.Xml.Element("RequestId")!.Value);
            Assert.Equal(got.Header("x-amz-id-2"), got.Xml.Element("HostId")!.Value);
        }
    }

    // C2 34.
    [Fact]
    public async Task Error_has_no_namespace_and_result_has_the_one_of_S3()
    {
        RawResponse error = await server.Raw.GetAsync("/no-such-bucket");
        Assert.Equal("application/xml", error.Header("Content-Type"));
        Assert.Equal("Error", error.Xml.Name.ToString());
        RawResponse result = await server.Raw.GetAsync("/");
        Assert.Equal("{http://s3.amazonaws.com/doc/2006-03-01/}ListAllMyBucketsResult", result.Xml.Name.ToString());
    }

    // D2 11: request smuggling.
    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Host: other\r\n")]
    [InlineData("X-Folded: a\r\n b\r\n")]
    [InlineData("Bad Header: a\r\n")]
    public async Task Ambiguous_framing_never_becomes_two_requests(string headers)
    {
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(
            $"PUT /b/k HTTP/1.1\r\nHost: {server.Address.Authority}\r\n{headers}\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        RawResponse first = await connection.ReceiveAsync();
        Assert.InRange(first.Status, 400, 499);
        await connection.WaitForEndAsync();
    }

    // Pipelined requests are two requests.
    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/a", "A");
        await server.Raw.PutAsync($"/{bucket}/b", "B");
        using RawConnection connection = await server.Raw.ConnectAsync();
        byte[] first = server.Raw.Encode(new RawRequest("GET", $"/{bucket}/a"), out _);
        byte[] second = server.Raw.Encode(new RawRequest("GET", $"/{bucket}/b"), out _);
        await connection.SendAsync([.. first, .. second]);
        Assert.Equal("A", (await connection.ReceiveAsync()).Text);
        Assert.Equal("B", (await connection.ReceiveAsync()).Text);
    }

    [Fact]
    public async Task Absolute_target_is_taken()
    {
        RawResponse got = await SendHeadAsync($"GET {server.Address}health/live HTTP/1.1\r\nHost: {server.Address.Authority}\r\n\r\n");
        Assert.Equal(200, got.Status);
    }

    // D2 18: strangers may know whether a store is whole; paths, addresses and names are no business of theirs. On a slow
    // machine a drive may just have missed a write of another test.
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Wholeness_is_told_without_a_path(string method)
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest(method, "/health/whole") { IsSigned = false });
        Assert.Contains(got.Status, (int[])[200, 503]);
        Assert.Equal(method == "GET" ? 5 : 0, got.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain(Path.GetTempPath(), got.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("drive1", got.Text, StringComparison.Ordinal);
    }

    // health is a bucket name like any other.
    [Fact]
    public async Task Signed_request_to_the_health_path_is_for_an_object()
    {
        RawResponse got = await server.Raw.GetAsync("/health/live");
        Assert.Equal((404, "NoSuchBucket"), (got.Status, got.Code));
    }

    // D2 11: lines that end in a line feed alone, and an extension of a chunk that holds one (CVE-2025-55315), are where
    // two servers see two different requests.
    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: x\n\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A: b\nX-B: c\r\n\r\n")]
    [InlineData("PUT /b/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n")]
    [InlineData("PUT /b/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n")]
    [InlineData("PUT /b/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n")]
    [InlineData("PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nGET / HTTP/1.1\r\n\r\n")]
    public async Task CVE_2025_55315_sloppy_framing_ends_the_connection(string request)
    {
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(request);
        RawResponse first = await connection.ReceiveAsync();
        Assert.InRange(first.Status, 400, 501);
        Assert.True(await connection.IsEndedByServerAsync());
    }

    private async Task<RawResponse> SendHeadAsync(string head)
    {
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(Encoding.UTF8.GetBytes(head));
        return await connection.ReceiveAsync();
    }
}
