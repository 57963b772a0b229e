using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Cairn.Api.S3;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Authentication;

/// <summary>Method: links of both versions, made by hand and by AWS's client, used with plain requests.</summary>
public sealed class PresignedTests(S3Server server)
{
    [Fact]
    public async Task Link_of_the_aws_client_reads_and_writes()
    {
        string bucket = await server.NewBucketAsync();
        using var http = new HttpClient();
        string put = await server.Client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = bucket,
            Key = "a b+c/é",
            Verb = HttpVerb.PUT,
            Expires = DateTime.UtcNow.AddMinutes(5),
            Protocol = Protocol.HTTP,
        });
        HttpResponseMessage written = await http.PutAsync(new Uri(put), new ByteArrayContent("hello"u8.ToArray()));
        Assert.True(written.IsSuccessStatusCode, await written.Content.ReadAsStringAsync());
        string get = await server.Client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = bucket,
            Key = "a b+c/é",
            Expires = DateTime.UtcNow.AddMinutes(5),
            Protocol = Protocol.HTTP,
        });
        Assert.Equal("hello", await http.GetStringAsync(new Uri(get)));
    }

    // C2 22.
    [Theory]
    [InlineData(60, -61, 403, "AccessDenied")]
    [InlineData(60, 16 * 60, 403, "AccessDenied")]
    [InlineData(60, -50, 200, null)]
    [InlineData(604_800, 0, 200, null)]
    [InlineData(604_801, 0, 400, "AuthorizationQueryParametersError")]
    [InlineData(0, 0, 400, "AuthorizationQueryParametersError")]
    public async Task Lifetime_is_kept(int lifetimeSeconds, int startSeconds, int status, string? code)
    {
        string query = server.Raw.Presign(
            new RawRequest("GET", "/"),
            TimeSpan.FromSeconds(lifetimeSeconds),
            DateTimeOffset.UtcNow.AddSeconds(startSeconds));
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("GET", "/") { Query = query, IsSigned = false });
        Assert.Equal((status, code), (got.Status, status == 200 ? null : got.Code));
    }

    [Theory]
    [InlineData("X-Amz-Expires=60", "X-Amz-Expires=x")]
    [InlineData("X-Amz-Date=", "X-Amz-Dat=")]
    [InlineData("X-Amz-Algorithm=AWS4-HMAC-SHA256", "X-Amz-Algorithm=AWS4-HMAC-MD5")]
    [InlineData("%2Faws4_request", "%2Faws4")]
    [InlineData("X-Amz-Signature=", "X-Amz-Signatur=")]
    public async Task Garbled_link_is_400(string part, string replacement)
    {
        string query = server.Raw.Presign(new RawRequest("GET", "/"), TimeSpan.FromSeconds(60));
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/")
        {
            Query = query.Replace(part, replacement, StringComparison.Ordinal),
            IsSigned = false,
        });
        Assert.Equal((400, "AuthorizationQueryParametersError"), (got.Status, got.Code));
    }

    // D2 3: the link covers its own headers only, and those of nobody else.
    [Fact]
    public async Task CVE_2026_71191_copy_source_added_to_a_link_is_refused()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/secret", "secret");
        string query = server.Raw.Presign(new RawRequest("PUT", $"/{bucket}/k"), TimeSpan.FromMinutes(1));
        RawResponse got = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            Query = query,
            IsSigned = false,
            UnsignedHeaders = [("x-amz-copy-source", $"/{bucket}/secret")],
        });
        Assert.Equal((403, "AccessDenied"), (got.Status, got.Code));
    }

    // MinIO and every relative: what is added to a link must break it.
    [Theory]
    [InlineData("&x-amz-acl=private")]
    [InlineData("&versionId=null")]
    [InlineData("&anything=else")]
    public async Task CVE_2021_21362_parameter_added_to_a_link_breaks_its_signature(string added)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        string query = server.Raw.Presign(new RawRequest("GET", $"/{bucket}/k"), TimeSpan.FromMinutes(1));
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("GET", $"/{bucket}/k") { Query = query + added, IsSigned = false });
        Assert.Equal((403, "SignatureDoesNotMatch"), (got.Status, got.Code));
    }

    // C2 23: what the JavaScript client bakes in is honoured.
    [Theory]
    [InlineData("", 200)]
    [InlineData("x", 400)]
    public async Task Checksum_parameter_of_a_link_acts_as_header(string body, int status)
    {
        string bucket = await server.NewBucketAsync();
        string query = server.Raw.Presign(
            new RawRequest("PUT", $"/{bucket}/k")
            {
                Query = "x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32&x-id=PutObject",
            },
            TimeSpan.FromMinutes(1));
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { Query = query, IsSigned = false }.WithText(body));
        Assert.Equal(status, got.Status);
    }

    // C2 23.
    [Fact]
    public async Task Metadata_parameter_of_a_link_is_stored()
    {
        string bucket = await server.NewBucketAsync();
        string query = server.Raw.Presign(
            new RawRequest("PUT", $"/{bucket}/k") { Query = "x-amz-meta-Color=green%20ish" }, TimeSpan.FromMinutes(1));
        await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { Query = query, IsSigned = false }.WithText("x"));
        Assert.Equal("green ish", (await server.Raw.GetAsync($"/{bucket}/k")).Header("x-amz-meta-color"));
    }

    // D2 9 by the way of a link: a query can carry what no header can.
    [Fact]
    public async Task CVE_2020_10753_line_break_in_hoisted_metadata_is_refused()
    {
        string bucket = await server.NewBucketAsync();
        string query = server.Raw.Presign(
            new RawRequest("PUT", $"/{bucket}/k") { Query = "x-amz-meta-a=b%0D%0ASet-Cookie%3Ac" },
            TimeSpan.FromMinutes(1));
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { Query = query, IsSigned = false }.WithText("x"));
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
    }

    // C2 26: boto3's default.
    [Fact]
    public async Task Version_two_link_reads_and_writes()
    {
        string bucket = await server.NewBucketAsync();
        Assert.Equal(200, (await SendV2Async("PUT", bucket, "k", "hello")).Status);
        Assert.Equal("hello", (await SendV2Async("GET", bucket, "k")).Text);
        Assert.Equal(403, (await SendV2Async("GET", bucket, "k", lifetimeSeconds: -1)).Status);
        RawResponse wrong = await SendV2Async("GET", bucket, "k", secret: "wrong");
        Assert.Equal((403, "SignatureDoesNotMatch"), (wrong.Status, wrong.Code));
    }

    // C2 26 and 39: the signed text names the bucket, the address does not.
    [Fact]
    public async Task Version_two_link_works_in_virtual_host_style()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "hello");
        RawRequest link = PresignV2("GET", bucket, "k", 60, S3Server.SecretKey);
        RawResponse got = await server.Raw.SendAsync(link with { Path = "/k", Host = $"{bucket}.{S3Server.Domain}" });
        Assert.Equal("hello", got.Text);
        RawResponse other = await server.Raw.SendAsync(link with { Path = "/k", Host = $"other.{S3Server.Domain}" });
        Assert.Equal((403, "SignatureDoesNotMatch"), (other.Status, other.Code));
    }

    // D2 3 for version 2: its x-amz-* headers are part of the signed text, wherever they stand.
    [Fact]
    public async Task Version_two_link_covers_amz_headers_and_parameters()
    {
        string bucket = await server.NewBucketAsync();
        RawRequest request = PresignV2("PUT", bucket, "k", 60, S3Server.SecretKey).WithText("x");
        RawResponse header = await server.Raw.SendAsync(
            request with { UnsignedHeaders = [("x-amz-meta-a", "b")] });
        Assert.Equal((403, "SignatureDoesNotMatch"), (header.Status, header.Code));
        RawResponse parameter = await server.Raw.SendAsync(request with { Query = request.Query + "&x-amz-meta-a=b" });
        Assert.Equal((403, "SignatureDoesNotMatch"), (parameter.Status, parameter.Code));
    }

    [Fact]
    public async Task Version_two_header_signs_and_can_be_switched_off()
    {
        string date = DateTimeOffset.UtcNow.ToString("r", System.Globalization.CultureInfo.InvariantCulture);
        string authorization = $"AWS {S3Server.AccessKey}:{SignV2($"GET\n\n\n{date}\n/", S3Server.SecretKey)}";
        var request = new RawRequest("GET", "/")
        {
            IsSigned = false,
            UnsignedHeaders = [("Date", date), ("Authorization", authorization)],
        };
        Assert.Equal(200, (await server.Raw.SendAsync(request)).Status);
        Uri strict = await server.StartAsync(new S3Options { AllowSignatureV2 = false });
        RawResponse refused = await new RawS3(strict, server.Signer).SendAsync(request);
        Assert.Equal((400, "InvalidRequest"), (refused.Status, refused.Code));
    }

    private Task<RawResponse> SendV2Async(
        string method,
        string bucket,
        string key,
        string body = "",
        int lifetimeSeconds = 60,
        string secret = S3Server.SecretKey) =>
        server.Raw.SendAsync(PresignV2(method, bucket, key, lifetimeSeconds, secret).WithText(body));

    private static RawRequest PresignV2(string method, string bucket, string key, int lifetimeSeconds, string secret)
    {
        long expires = DateTimeOffset.UtcNow.AddSeconds(lifetimeSeconds).ToUnixTimeSeconds();
        string signature = SignV2($"{method}\n\n\n{expires}\n/{bucket}/{key}", secret);
        return new RawRequest(method, $"/{bucket}/{key}")
        {
            IsSigned = false,
            Query = $"AWSAccessKeyId={S3Server.AccessKey}&Signature={Uri.EscapeDataString(signature)}&Expires={expires}",
        };
    }

    private static string SignV2(string text, string secret)
    {
#pragma warning disable CA5350 // The protocol fixes the algorithm.
        return Convert.ToBase64String(
            HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    // C2 27: in the query as in the header.
    [Fact]
    public async Task Session_token_of_nobody_in_a_link_is_refused()
    {
        string query = server.Raw.Presign(
            new RawRequest("GET", "/") { Query = "X-Amz-Security-Token=x" }, TimeSpan.FromMinutes(1));
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", "/") { Query = query, IsSigned = false });
        Assert.Equal((400, "InvalidToken"), (got.Status, got.Code));
    }

    // C2 9 and 23: the payload hash may be a parameter, and then it binds the body.
    [Theory]
    [InlineData("right", 200, null)]
    [InlineData("wrong", 400, "XAmzContentSHA256Mismatch")]
    public async Task Payload_hash_of_a_link_binds_the_body(string body, int status, string? code)
    {
        string bucket = await server.NewBucketAsync();
        string hash = Convert.ToHexStringLower(SHA256.HashData("right"u8));
        string query = server.Raw.Presign(
            new RawRequest("PUT", $"/{bucket}/k") { Query = "X-Amz-Content-Sha256=" + hash, PayloadHash = hash },
            TimeSpan.FromMinutes(1));
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { Query = query, IsSigned = false }.WithText(body));
        Assert.Equal((status, code), (got.Status, got.Code));
    }

    // C2 23: whatever a header would do, its parameter does.
    [Theory]
    [InlineData("x-amz-acl=public-read", 400)]
    [InlineData("X-Amz-Server-Side-Encryption=AES256", 501)]
    [InlineData("x-amz-storage-class=GLACIER", 400)]
    [InlineData("x-amz-tagging=a%3Db%26a%3Dc", 400)]
    [InlineData("x-amz-acl=private", 200)]
    public async Task Header_in_a_link_is_obeyed(string parameter, int status)
    {
        string bucket = await server.NewBucketAsync();
        string query = server.Raw.Presign(
            new RawRequest("PUT", $"/{bucket}/k") { Query = parameter }, TimeSpan.FromMinutes(1));
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { Query = query, IsSigned = false }.WithText("x"));
        Assert.Equal(status, got.Status);
    }

    // C1 (duckdb-wasm): the method is signed, so a link to read is no link to ask, as with AWS.
    [Fact]
    public async Task Link_to_read_is_refused_for_any_other_method()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        string query = server.Raw.Presign(new RawRequest("GET", $"/{bucket}/k"), TimeSpan.FromMinutes(1));
        foreach (string method in (string[])["HEAD", "PUT", "DELETE", "POST"])
        {
            RawResponse got = await server.Raw.SendAsync(
                new RawRequest(method, $"/{bucket}/k") { Query = query, IsSigned = false });
            Assert.Equal(403, got.Status);
        }

        RawResponse range = await server.Raw.SendAsync(
            new RawRequest("GET", $"/{bucket}/k") { Query = query, IsSigned = false, UnsignedHeaders = [("Range", "bytes=0-0")] });
        Assert.Equal((206, "x"), (range.Status, range.Text));
    }

    // C2 24.
    [Fact]
    public async Task Two_links_in_one_are_one_too_many()
    {
        RawRequest second = PresignV2("GET", "b", "k", 60, S3Server.SecretKey);
        string query = server.Raw.Presign(new RawRequest("GET", "/b/k"), TimeSpan.FromMinutes(1));
        RawResponse got = await server.Raw.SendAsync(second with { Query = $"{query}&{second.Query}" });
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
    }
}
