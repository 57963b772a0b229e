using System.Text;
using Cairn.FunctionalTests.Hosting;
using Cairn.Primitives.SigV4;
using Xunit;

namespace Cairn.FunctionalTests.Security;

/// <summary>
/// Method: each test is named after the advisory whose mistake it would show. The ones about signatures and framing
/// stand with those.
/// </summary>
public sealed class AdvisoryTests(S3Server server)
{
    // RustFS: keys that leave their bucket by way of the path.
    [Theory]
    [InlineData("../other/k")]
    [InlineData("%2e%2e/other/k")]
    [InlineData("..%2fother%2fk")]
    [InlineData("a/../../other/k")]
    public async Task GHSA_8r6f_hmq2_28rg_keys_never_leave_their_bucket(string key)
    {
        string bucket = await server.NewBucketAsync();
        string other = await server.NewBucketAsync();
        key = key.Replace("other", other, StringComparison.Ordinal);
        Assert.Equal(200, (await server.Raw.PutAsync($"/{bucket}/{key}", "x")).Status);
        Assert.Equal(404, (await server.Raw.GetAsync($"/{other}/k")).Status);
        Assert.Equal("x", (await server.Raw.GetAsync($"/{bucket}/{key}")).Text);
    }

    // MinIO: a back-slash is a character of a key.
    [Fact]
    public async Task CVE_2023_28433_back_slash_is_no_separator()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/a%5Cb", "x");
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/a/b")).Status);
    }

    // MinIO: a document of unknown size was read whole.
    [Fact]
    public async Task CVE_2018_1000538_large_documents_are_refused_before_they_are_read()
    {
        string bucket = await server.NewBucketAsync();
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.EncodeHead(
            new RawRequest("PUT", $"/{bucket}")
            {
                Query = "tagging",
                PayloadHash = "UNSIGNED-PAYLOAD",
                ContentLength = 1L << 30,
                Headers = [("Expect", "100-continue")],
            },
            out _));
        RawResponse got = await connection.ReceiveAsync();
        Assert.Equal((400, "MaxMessageLengthExceeded"), (got.Status, got.Code));
    }

    // MinIO: conditions told strangers what exists.
    [Theory]
    [InlineData("If-Match", "*")]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")]
    public async Task CVE_2024_36107_conditions_are_evaluated_after_authorisation(string name, string value)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        foreach (string key in (string[])["k", "none"])
        {
            RawResponse got = await server.Raw.SendAsync(
                new RawRequest("GET", $"/{bucket}/{key}") { IsSigned = false, UnsignedHeaders = [(name, value)] });
            Assert.Equal((403, "AccessDenied"), (got.Status, got.Code));
            Assert.Null(got.Header("ETag"));
        }
    }

    // Swift: entities of a document are never expanded.
    [Theory]
    [InlineData(
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>"
        + "<Tagging><TagSet><Tag><Key>&b;</Key><Value/></Tag></TagSet></Tagging>")]
    [InlineData(
        "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;&b;&b;\">]>"
        + "<Tagging><TagSet><Tag><Key>&c;</Key><Value/></Tag></TagSet></Tagging>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-16\"?><Tagging/>")]
    public async Task CVE_2022_47950_entities_are_refused(string document)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}") { Query = "tagging" }.WithText(document));
        Assert.Equal((400, "MalformedXML"), (got.Status, got.Code));
    }

    // D2 10: depth.
    [Fact]
    public async Task CVE_2022_47950_deep_documents_are_refused()
    {
        string bucket = await server.NewBucketAsync();
        var document = new StringBuilder("<Tagging>");
        for (int depth = 0; depth < 100_000; depth++)
        {
            document.Append("<a>");
        }

        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}") { Query = "tagging" }.WithText(document.ToString()));
        Assert.Equal((400, "MalformedXML"), (got.Status, got.Code));
    }

    // MinIO: vendor headers that only nodes may send were taken from clients.
    [Theory]
    [InlineData("X-Minio-Source-Etag", "forged")]
    [InlineData("X-Minio-Replication-Server-Side-Encryption-Sealed-Key", "forged")]
    [InlineData("X-Cairn-Anything", "forged")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    public async Task CVE_2026_34204_control_headers_of_clients_mean_nothing(string name, string value)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { UnsignedHeaders = [(name, value)] }.WithText("x"));
        RawResponse got = await server.Raw.GetAsync($"/{bucket}/k");
        Assert.DoesNotContain(got.Headers, header => header.Value == "forged");
        Assert.Equal("\"9dd4e461268c8034f5c8564e155c67a6\"", got.Header("ETag"));
    }

    // RustFS: the version of a source or of a read has rights of its own; nobody has any of them here.
    [Theory]
    [InlineData("GET", "versionId=null")]
    [InlineData("DELETE", "versionId=null")]
    [InlineData("GET", "versions")]
    public async Task GHSA_3ppv_anonymous_has_no_right_to_versions(string method, string query)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        string path = query == "versions" ? $"/{bucket}" : $"/{bucket}/k";
        RawResponse got = await server.Raw.SendAsync(new RawRequest(method, path) { Query = query, IsSigned = false });
        Assert.Equal((403, "AccessDenied"), (got.Status, got.Code));
    }

    // MinIO: environment and secrets behind an unauthenticated address.
    [Theory]
    [InlineData("/minio/bootstrap/v1/verify")]
    [InlineData("/debug/vars")]
    [InlineData("/health/../minio")]
    [InlineData("/metrics")]
    public async Task CVE_2023_28432_nothing_but_health_answers_strangers(string path)
    {
        foreach (string method in (string[])["GET", "POST"])
        {
            RawResponse got = await server.Raw.SendAsync(new RawRequest(method, path) { IsSigned = false });
            Assert.Equal(403, got.Status);
            Assert.DoesNotContain(S3Server.SecretKey, got.Text, StringComparison.Ordinal);
        }
    }

    // D2 24: a stored page is data; where it may run is decided by where it is served.
    [Fact]
    public async Task Error_documents_escape_what_they_repeat()
    {
        RawResponse got = await server.Raw.GetAsync("/no-such-bucket/%3Cscript%3E%26");
        Assert.DoesNotContain("<script>", got.Text, StringComparison.Ordinal);
        Assert.Equal("<script>&", got.Xml.Element("Key")!.Value);
    }

    // MinIO: an upload to be unpacked was taken with whatever signature.
    [Theory]
    [InlineData("X-Amz-Meta-Snowball-Auto-Extract")]
    [InlineData("X-Amz-Meta-Minio-Snowball-Prefix")]
    public async Task CVE_2026_40344_archive_with_a_wrong_signature_is_refused(string header)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/a.tar")
        {
            PayloadHash = "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            Signer = new SigV4Signer(S3Server.AccessKey, "wrong", "us-east-1"),
            Headers = [("x-amz-decoded-content-length", "1"), (header, "true")],
        }.WithText("1\r\nx\r\n0\r\n\r\n"));
        Assert.Equal((403, "SignatureDoesNotMatch"), (got.Status, got.Code));
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/a.tar")).Status);
    }

    // MinIO: a form wrote into the bucket that held the server's own state.
    [Theory]
    [InlineData(".minio.sys")]
    [InlineData(".cairn")]
    [InlineData(".rustfs.sys")]
    public async Task CVE_2023_28434_no_bucket_holds_the_servers_own_state(string name)
    {
        RawRequest form = new RawRequest("POST", "/" + name)
        {
            IsSigned = false,
            UnsignedHeaders = [("Content-Type", "multipart/form-data; boundary=x")],
        }.WithText("--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--x--\r\n");
        Assert.Equal(403, (await server.Raw.SendAsync(form)).Status);
        foreach (string method in (string[])["PUT", "GET", "DELETE"])
        {
            RawResponse got = await server.Raw.SendAsync(new RawRequest(method, $"/{name}/config/iam.json"));
            Assert.Contains(got.Code, (string[])["InvalidBucketName", "NoSuchBucket"]);
        }

        Assert.Equal("InvalidBucketName", (await server.Raw.PutAsync("/" + name, "")).Code);
    }

    // RustFS: a token that was part of the source, and keys that everybody knows.
    [Theory]
    [InlineData("minioadmin")]
    [InlineData("rustfsadmin")]
    [InlineData("cairn")]
    [InlineData("admin")]
    [InlineData("root")]
    public async Task CVE_2025_68926_no_credential_is_known_beforehand(string name)
    {
        RawResponse key = await server.Raw.SendAsync(
            new RawRequest("GET", "/") { Signer = new SigV4Signer(name, name, "us-east-1") });
        Assert.Equal((403, "InvalidAccessKeyId"), (key.Status, key.Code));
        string basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{name}:{name}"));
        foreach (string authorization in (string[])[$"Bearer {name}", "rustfs rpc", $"Basic {basic}"])
        {
            RawResponse token = await server.Raw.SendAsync(
                new RawRequest("GET", "/") { IsSigned = false, UnsignedHeaders = [("Authorization", authorization)] });
            Assert.Equal(400, token.Status);
        }
    }

    // Ceph: an address without a bucket's name in it stopped the process.
    [Theory]
    [InlineData("/:")]
    [InlineData("/:b")]
    [InlineData("/a:b/k")]
    [InlineData("/%00")]
    [InlineData("/%00/k")]
    [InlineData("/$")]
    [InlineData("/%2F/%2F")]
    [InlineData("/-")]
    [InlineData("/%F0%9F%98%80")]
    public async Task CVE_2022_3854_address_without_a_bucket_is_refused(string path)
    {
        foreach (string method in (string[])["GET", "HEAD", "PUT", "DELETE"])
        {
            RawResponse got = await server.Raw.SendAsync(new RawRequest(method, path));
            Assert.InRange(got.Status, 400, 404);
        }
    }
}
