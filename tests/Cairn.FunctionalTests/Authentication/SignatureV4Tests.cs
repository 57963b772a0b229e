using Cairn.Api.S3;
using Cairn.FunctionalTests.Hosting;
using Cairn.Primitives.SigV4;
using Xunit;

namespace Cairn.FunctionalTests.Authentication;

/// <summary>Method: requests signed by hand, each with one thing wrong.</summary>
public sealed class SignatureV4Tests(S3Server server)
{
    // C2 99.
    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/no-such-bucket/k")]
    [InlineData("PUT", "/no-such-bucket/k")]
    [InlineData("HEAD", "/no-such-bucket")]
    [InlineData("DELETE", "/no-such-bucket")]
    [InlineData("OPTIONS", "/no-such-bucket/k")]
    [InlineData("PATCH", "/no-such-bucket/k")]
    [InlineData("POST", "/no-such-bucket?delete")]
    [InlineData("GET", "/no-such-bucket?policy")]
    [InlineData("GET", "/no-such-bucket?unknownthing")]
    public async Task Anonymous_is_refused_whatever_it_asks(string method, string target)
    {
        string[] parts = target.Split('?');
        RawResponse got = await server.Raw.SendAsync(new RawRequest(method, parts[0])
        {
            Query = parts.Length > 1 ? parts[1] : "",
            IsSigned = false,
        });
        Assert.Equal(403, got.Status);
    }

    // C2 25.
    [Theory]
    [InlineData("")]
    [InlineData("Bearer x")]
    [InlineData("Basic eDp5")]
    [InlineData("AWS4-HMAC-SHA256")]
    [InlineData("AWS4-HMAC-SHA256 ")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c/d/e,SignedHeaders=host,Signature=00")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20130524/us-east-1/s3/aws4_request,SignedHeaders=,Signature=")]
    [InlineData("AWS nothing")]
    [InlineData("AWS :x")]
    [InlineData("AWS4-ECDSA-P256-SHA256 Credential=a")]
    public async Task Garbled_authorization_is_never_anonymous_success(string authorization)
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/")
        {
            IsSigned = false,
            UnsignedHeaders = [("Authorization", authorization)],
        });
        Assert.InRange(got.Status, 400, 501);
        Assert.NotNull(got.Code);
    }

    // C2 25.
    [Fact]
    public async Task Unknown_access_key_is_named()
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/")
        {
            Signer = new SigV4Signer("nobody", S3Server.SecretKey, "us-east-1"),
        });
        Assert.Equal((403, "InvalidAccessKeyId"), (got.Status, got.Code));
    }

    // C2 25; MinIO CVE-2020-11012: the key alone proves nothing.
    [Fact]
    public async Task CVE_2020_11012_right_key_with_wrong_secret_is_refused_and_shows_the_string_to_sign()
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/")
        {
            Signer = new SigV4Signer(S3Server.AccessKey, "wrong", "us-east-1"),
        });
        Assert.Equal((403, "SignatureDoesNotMatch"), (got.Status, got.Code));
        Assert.StartsWith("AWS4-HMAC-SHA256\n", got.Xml.Element("StringToSign")!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(S3Server.SecretKey, got.Text, StringComparison.Ordinal);
    }

    // C2 20; lakeFS CVE-2025-68671.
    [Theory]
    [InlineData(-16, 403)]
    [InlineData(-14, 200)]
    [InlineData(14, 200)]
    [InlineData(16, 403)]
    public async Task CVE_2025_68671_clock_skew_is_bounded(int minutes, int status)
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/")
        {
            Time = DateTimeOffset.UtcNow.AddMinutes(minutes),
        });
        Assert.Equal(status, got.Status);
        if (status == 403)
        {
            Assert.Equal("RequestTimeTooSkewed", got.Code);
        }
    }

    // C2 21.
    [Fact]
    public async Task Wrong_region_is_told_the_right_one()
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/")
        {
            Signer = new SigV4Signer(S3Server.AccessKey, S3Server.SecretKey, "eu-west-1"),
        });
        Assert.Equal((400, "AuthorizationHeaderMalformed"), (got.Status, got.Code));
        Assert.Equal("us-east-1", got.Xml.Element("Region")!.Value);
    }

    // C2 21 and 46: whoever asks for the region cannot know it.
    [Fact]
    public async Task Location_can_be_asked_in_any_region()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", $"/{bucket}")
        {
            Query = "location",
            Signer = new SigV4Signer(S3Server.AccessKey, S3Server.SecretKey, "eu-west-1"),
        });
        Assert.Equal(200, got.Status);
    }

    // C2 21.
    [Fact]
    public async Task Wrong_service_is_refused()
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/")
        {
            Signer = new SigV4Signer(S3Server.AccessKey, S3Server.SecretKey, "us-east-1", "sts"),
        });
        Assert.Equal((400, "AuthorizationHeaderMalformed"), (got.Status, got.Code));
    }

    // C2 21: a key of yesterday cannot sign today.
    [Fact]
    public async Task Scope_of_another_day_is_refused()
    {
        RawRequest request = new("GET", "/");
        string head = System.Text.Encoding.UTF8.GetString(server.Raw.EncodeHead(request, out _));
        string today = DateTimeOffset.UtcNow.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(head.Replace($"/{today}/", "/20200101/", StringComparison.Ordinal));
        Assert.Equal("AuthorizationHeaderMalformed", (await connection.ReceiveAsync()).Code);
    }

    // C2 6; D2 3: an x-amz-* header that the signature does not cover changes what the request means.
    [Theory]
    [InlineData("x-amz-meta-added", "1")]
    [InlineData("x-amz-acl", "private")]
    [InlineData("X-Amz-Copy-Source", "/bucket/secret")]
    public async Task CVE_2026_71191_unsigned_amz_header_is_refused(string name, string value)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            UnsignedHeaders = [(name, value)],
        }.WithText("x"));
        Assert.Equal((403, "AccessDenied"), (got.Status, got.Code));
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/k")).Status);
    }

    // C2 6: these need not be signed.
    [Fact]
    public async Task Ordinary_headers_may_stay_unsigned()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            UnsignedHeaders = [("Content-Type", "a/b"), ("User-Agent", "x"), ("Content-MD5", "nUFpk0rXLHZ6BvDnYDSL5A==")],
        }.WithText("x"));
        Assert.Equal((400, "BadDigest"), (got.Status, got.Code));
    }

    // C2 5 and 7: values as they stand on the wire, whatever the header.
    [Fact]
    public async Task Signed_ordinary_headers_keep_their_raw_values()
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/")
        {
            Headers =
            [
                ("accept-encoding", "gzip;q=0.5,  *"),
                ("amz-sdk-invocation-id", "1-2-3"),
                ("amz-sdk-request", "attempt=1;  max=3"),
                ("x-amz-two-spaces", "  a   b  "),
            ],
        });
        Assert.Equal(200, got.Status);
    }

    // C2 19.
    [Fact]
    public async Task Wrong_payload_hash_leaves_nothing()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            PayloadHash = SigV4Signature.EmptyPayloadHash,
        }.WithText("x"));
        Assert.Equal((400, "XAmzContentSHA256Mismatch"), (got.Status, got.Code));
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/k")).Status);
    }

    // C2 8.
    [Theory]
    [InlineData("UNSIGNED-PAYLOAD", 200, null)]
    [InlineData("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", 501, "NotImplemented")]
    [InlineData("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER", 501, "NotImplemented")]
    [InlineData("STREAMING-SOMETHING-ELSE", 400, "InvalidArgument")]
    [InlineData("0123", 400, "InvalidArgument")]
    public async Task Payload_mode_is_recognised(string mode, int status, string? code)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { PayloadHash = mode }.WithText("x"));
        Assert.Equal((status, code), (got.Status, got.Code));
    }

    // C2 24.
    [Fact]
    public async Task Two_signatures_are_one_too_many()
    {
        string query = server.Raw.Presign(new RawRequest("GET", "/"), TimeSpan.FromMinutes(1));
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/") { Query = query });
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
    }

    // C2 27: a long-lived key has no token.
    [Fact]
    public async Task Session_token_of_nobody_is_refused()
    {
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("GET", "/") { Headers = [("x-amz-security-token", "x")] });
        Assert.Equal((400, "InvalidToken"), (got.Status, got.Code));
    }

    // C2 20: x-amz-date wins, Date alone will do.
    [Fact]
    public async Task Date_header_stands_in_for_the_amz_one()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        KeyValuePair<string, string>[] headers =
        [
            new("host", server.Address.Authority),
            new("date", now.ToString("r", System.Globalization.CultureInfo.InvariantCulture)),
            new("x-amz-content-sha256", SigV4Signature.EmptyPayloadHash),
        ];
        string authorization = server.Signer.Sign(
            new SignableRequest
            {
                Method = "GET",
                Path = "/",
                Headers = headers,
                PayloadHash = SigV4Signature.EmptyPayloadHash,
            },
            now).Authorization;
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/")
        {
            IsSigned = false,
            UnsignedHeaders =
            [
                ("Date", headers[1].Value),
                ("x-amz-content-sha256", SigV4Signature.EmptyPayloadHash),
                ("Authorization", authorization),
            ],
        });
        Assert.Equal(200, got.Status);
    }

    [Fact]
    public async Task Another_region_signs_with_its_own_name()
    {
        Uri address = await server.StartAsync(new S3Options { Region = "eu-central-1" });
        var raw = new RawS3(address, new SigV4Signer(S3Server.AccessKey, S3Server.SecretKey, "eu-central-1"));
        Assert.Equal(200, (await raw.GetAsync("/")).Status);
        string bucket = await server.NewBucketAsync();
        Assert.Contains(">eu-central-1<", (await raw.GetAsync($"/{bucket}", "location")).Text, StringComparison.Ordinal);
    }

    // C2 20: x-amz-date wins.
    [Theory]
    [InlineData("Sat, 01 Jan 2000 00:00:00 GMT")]
    [InlineData("no date")]
    public async Task Date_header_beside_the_amz_one_is_not_looked_at(string date)
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/") { UnsignedHeaders = [("Date", date)] });
        Assert.Equal(200, got.Status);
    }

    // C2 6: a signature that does not cover the host could be sent to another one.
    [Fact]
    public async Task Signature_without_the_host_is_refused()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        KeyValuePair<string, string>[] headers =
            [new("x-amz-content-sha256", SigV4Signature.EmptyPayloadHash), new("x-amz-date", SigV4Time.Format(now))];
        string authorization = server.Signer.Sign(
            new SignableRequest
            {
                Method = "GET",
                Path = "/",
                Headers = headers,
                PayloadHash = SigV4Signature.EmptyPayloadHash,
            },
            now).Authorization;
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/")
        {
            IsSigned = false,
            UnsignedHeaders = [.. headers.Select(header => (header.Key, header.Value)), ("Authorization", authorization)],
        });
        Assert.Equal((403, "AccessDenied", "host"), (got.Status, got.Code, got.Xml.Element("HeadersNotSigned")?.Value));
    }

    // C2 5.
    [Fact]
    public async Task Repeated_header_is_signed_joined_by_commas()
    {
        string bucket = await server.NewBucketAsync();
        string head = System.Text.Encoding.UTF8.GetString(server.Raw.EncodeHead(
            new RawRequest("PUT", $"/{bucket}/k")
            {
                PayloadHash = SigV4Signature.EmptyPayloadHash,
                Headers = [("x-amz-meta-a", "1,2")],
            },
            out _));
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(head.Replace(
            "x-amz-meta-a: 1,2", "x-amz-meta-a:  1\r\nX-Amz-Meta-A: 2 ", StringComparison.Ordinal));
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
        Assert.Equal("1,2", (await server.Raw.GetAsync($"/{bucket}/k")).Header("x-amz-meta-a"));
    }

    // C2 7: aws 2.38 signs these, and the server's own machinery reads them before the signature is verified.
    [Fact]
    public async Task Signed_length_and_expectation_keep_their_raw_values()
    {
        string bucket = await server.NewBucketAsync();
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.EncodeHead(
            new RawRequest("PUT", $"/{bucket}/k")
            {
                PayloadHash = "UNSIGNED-PAYLOAD",
                ContentLength = -1,
                Headers = [("content-length", "5"), ("expect", "100-continue")],
            },
            out _));
        Assert.Equal(100, (await connection.ReceiveAsync()).Status);
        await connection.SendAsync("hello");
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    // C2 2 and 3: a query's bare plus is a space, and a parameter without a value is one with an empty value.
    [Theory]
    [InlineData("list-type=2&prefix=a+b")]
    [InlineData("list-type=2&prefix=a%20b")]
    [InlineData("prefix=a+b&list-type=2&start-after")]
    public async Task Query_is_signed_in_its_one_canonical_form(string query)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/a%20b", "x");
        await server.Raw.PutAsync($"/{bucket}/a+b", "x");
        RawResponse got = await server.Raw.GetAsync($"/{bucket}", query);
        Assert.Contains("<KeyCount>1</KeyCount>", got.Text, StringComparison.Ordinal);
        Assert.Contains("<Key>a b</Key>", got.Text, StringComparison.Ordinal);
    }
}
