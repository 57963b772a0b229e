using System.Security.Cryptography;
using System.Text;
using Amazon.S3.Model;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Objects;

/// <summary>
/// Method: AWS's client against the API on a real store; bytes, headers and codes are compared exactly.
/// </summary>
public sealed class PutAndGetTests(S3Server server)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(300_000)]
    [InlineData(9_000_001)]
    public async Task Object_comes_back_byte_for_byte(int size)
    {
        string bucket = await server.NewBucketAsync();
        byte[] bytes = RandomNumberGenerator.GetBytes(size);
        PutObjectResponse put = await server.Client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket,
            Key = "a b+c.txt",
            InputStream = new MemoryStream(bytes),
        });
        Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"", put.ETag); // C2 49

        using GetObjectResponse got = await server.Client.GetObjectAsync(bucket, "a b+c.txt");
        var copy = new MemoryStream();
        await got.ResponseStream.CopyToAsync(copy);
        Assert.Equal(bytes, copy.ToArray());
        Assert.Equal(put.ETag, got.ETag);
        Assert.Equal("bytes", got.AcceptRanges);
    }

    // C2 64.
    [Fact]
    public async Task Stored_headers_come_back_verbatim()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync(
            $"/{bucket}/k",
            "x",
            ("Cache-Control", "max-age=1, no-transform"),
            ("Content-Disposition", "attachment; filename=\"a b.txt\""),
            ("Content-Encoding", "gzip"),
            ("Content-Language", "de, en"),
            ("Content-Type", "text/x-odd; q=\"1\""),
            ("Expires", "not a date"),
            ("x-amz-meta-Mixed", "Value With Case"));
        RawResponse head = await server.Raw.SendAsync(new RawRequest("HEAD", $"/{bucket}/k"));
        Assert.Equal(200, head.Status);
        Assert.Equal("max-age=1, no-transform", head.Header("Cache-Control"));
        Assert.Equal("attachment; filename=\"a b.txt\"", head.Header("Content-Disposition"));
        Assert.Equal("gzip", head.Header("Content-Encoding"));
        Assert.Equal("de, en", head.Header("Content-Language"));
        Assert.Equal("text/x-odd; q=\"1\"", head.Header("Content-Type"));
        Assert.Equal("not a date", head.Header("Expires"));
        Assert.Equal("Value With Case", head.Header("x-amz-meta-mixed"));
    }

    [Fact]
    public async Task Default_content_type_is_binary()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        Assert.Equal("binary/octet-stream", (await server.Raw.GetAsync($"/{bucket}/k")).Header("Content-Type"));
    }

    // C2 63.
    [Fact]
    public async Task Metadata_beyond_ascii_comes_back_in_encoded_words()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x", ("x-amz-meta-name", "Grüße"));
        RawResponse got = await server.Raw.GetAsync($"/{bucket}/k");
        Assert.Equal(
            $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes("Grüße"))}?=", got.Header("x-amz-meta-name"));
    }

    // C2 63.
    [Fact]
    public async Task Metadata_over_two_kilobytes_is_refused()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse most = await server.Raw.PutAsync(
            $"/{bucket}/k", "x", ("x-amz-meta-a", new string('v', 2047)));
        Assert.Equal(200, most.Status);
        RawResponse more = await server.Raw.PutAsync(
            $"/{bucket}/k", "x", ("x-amz-meta-a", new string('v', 2048)));
        Assert.Equal((400, "MetadataTooLarge"), (more.Status, more.Code));
    }

    // C2 30: HEAD says what GET would, without a body.
    [Fact]
    public async Task Head_has_the_length_and_no_body()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "twelve bytes");
        using RawConnection connection = await server.Raw.ConnectAsync();
        byte[] request = server.Raw.Encode(new RawRequest("HEAD", $"/{bucket}/k"), out _);
        await connection.SendAsync(request);
        RawResponse first = await connection.ReceiveAsync(isHead: true);
        Assert.Equal("12", first.Header("Content-Length"));
        // A body would be read as the next answer.
        await connection.SendAsync(request);
        Assert.Equal(200, (await connection.ReceiveAsync(isHead: true)).Status);
    }

    [Fact]
    public async Task Head_of_a_missing_key_is_404_without_a_body()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse head = await server.Raw.SendAsync(new RawRequest("HEAD", $"/{bucket}/none"));
        Assert.Equal(404, head.Status);
        RawResponse got = await server.Raw.GetAsync($"/{bucket}/none");
        Assert.Equal((404, "NoSuchKey"), (got.Status, got.Code));
    }

    // C2 1, 2, 41, 42: none of these is another's folder, and nothing is normalised.
    [Fact]
    public async Task Keys_with_any_slashes_and_dots_coexist()
    {
        string bucket = await server.NewBucketAsync();
        string[] paths =
        [
            "a", "a/", "a/b", "/a", "//", "a//b", ".", "..", "../a", "a/../b", "./a", "a%5Cb", "%20a%20", "%C3%A9",
            "%F0%9F%98%80", "%2541", "a%3Fb", "a%23b", "a+b", "a%20b", "%01", "con", "x%0Ay",
        ];
        foreach (string path in paths)
        {
            RawResponse put = await server.Raw.PutAsync($"/{bucket}/{path}", "body of " + path);
            Assert.True(put.Status == 200, path + ": " + put.Text);
        }

        foreach (string path in paths)
        {
            Assert.Equal("body of " + path, (await server.Raw.GetAsync($"/{bucket}/{path}")).Text);
        }

        // The same key in another spelling.
        Assert.Equal("body of a/b", (await server.Raw.GetAsync($"/{bucket}/a%2Fb")).Text);
        Assert.Equal("body of a+b", (await server.Raw.GetAsync($"/{bucket}/%61%2B%62")).Text);
    }

    // C2 41.
    [Fact]
    public async Task Keys_up_to_1024_bytes_work_and_longer_ones_are_refused()
    {
        string bucket = await server.NewBucketAsync();
        string longest = string.Concat(Enumerable.Repeat("%C3%A9", 512));
        Assert.Equal(200, (await server.Raw.PutAsync($"/{bucket}/{longest}", "x")).Status);
        Assert.Equal("x", (await server.Raw.GetAsync($"/{bucket}/{longest}")).Text);
        RawResponse tooLong = await server.Raw.PutAsync($"/{bucket}/{longest}a", "x");
        Assert.Equal((400, "KeyTooLongError"), (tooLong.Status, tooLong.Code));
    }

    // C2 42.
    [Theory]
    [InlineData("%FF")]
    [InlineData("%C3")]
    [InlineData("%ED%A0%80")]
    [InlineData("a%2")]
    [InlineData("%zz")]
    public async Task Path_that_is_not_encoded_text_is_400(string key)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", $"/{bucket}/{key}") { IsSigned = false });
        Assert.Equal((400, "InvalidURI"), (got.Status, got.Code));
    }

    // C2 66.
    [Fact]
    public async Task Delete_of_a_missing_key_is_204_and_of_a_missing_bucket_404()
    {
        string bucket = await server.NewBucketAsync();
        Assert.Equal(204, (await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}/none"))).Status);
        RawResponse missing = await server.Raw.SendAsync(new RawRequest("DELETE", "/no-such-bucket/none"));
        Assert.Equal((404, "NoSuchBucket"), (missing.Status, missing.Code));
    }

    [Fact]
    public async Task Put_into_a_missing_bucket_is_404()
    {
        RawResponse put = await server.Raw.PutAsync("/no-such-bucket/k", "x");
        Assert.Equal((404, "NoSuchBucket"), (put.Status, put.Code));
    }

    // C2 48: quoted or not, lists, the star.
    [Theory]
    [InlineData("If-Match", "\"{0}\"", 200)]
    [InlineData("If-Match", "{0}", 200)]
    [InlineData("If-Match", "\"x\", \"{0}\"", 200)]
    [InlineData("If-Match", "*", 200)]
    [InlineData("If-Match", "\"x\"", 412)]
    [InlineData("If-None-Match", "\"{0}\"", 304)]
    [InlineData("If-None-Match", "W/\"{0}\"", 304)]
    [InlineData("If-None-Match", "\"x\"", 200)]
    [InlineData("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT", 304)]
    [InlineData("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT", 200)]
    [InlineData("If-Modified-Since", "garbage", 200)]
    [InlineData("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT", 412)]
    [InlineData("If-Unmodified-Since", "Fri, 01 Jan 2100 00:00:00 GMT", 200)]
    public async Task Read_condition_decides(string name, string format, int status)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.PutAsync($"/{bucket}/k", "x", ("Cache-Control", "no-cache"));
        string value = format.Replace("{0}", put.Header("ETag")!.Trim('"'), StringComparison.Ordinal);
        foreach (string method in (string[])["GET", "HEAD"])
        {
            RawResponse got = await server.Raw.SendAsync(
                new RawRequest(method, $"/{bucket}/k") { Headers = [(name, value)] });
            Assert.Equal(status, got.Status);
            if (status == 304)
            {
                // C2 31.
                Assert.Empty(got.Body);
                Assert.Equal(put.Header("ETag"), got.Header("ETag"));
                Assert.Equal("no-cache", got.Header("Cache-Control"));
                Assert.NotNull(got.Header("Last-Modified"));
            }
        }
    }

    // C2 60: the stronger condition alone decides.
    [Fact]
    public async Task Entity_tags_beat_dates()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse matching = await server.Raw.SendAsync(new RawRequest("GET", $"/{bucket}/k")
        {
            Headers =
            [
                ("If-Match", put.Header("ETag")!), ("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"),
            ],
        });
        Assert.Equal(200, matching.Status);
        RawResponse differing = await server.Raw.SendAsync(new RawRequest("GET", $"/{bucket}/k")
        {
            Headers = [("If-None-Match", "\"x\""), ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")],
        });
        Assert.Equal(200, differing.Status);
    }

    // C2 57.
    [Theory]
    [InlineData("bytes=0-3", 206, "0123", "bytes 0-3/10")]
    [InlineData("bytes=7-", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-3", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-30", 206, "0123456789", "bytes 0-9/10")]
    [InlineData("bytes=5-300", 206, "56789", "bytes 5-9/10")]
    [InlineData("bytes=9-9", 206, "9", "bytes 9-9/10")]
    [InlineData("bytes=0-1,3-4", 200, "0123456789", null)]
    [InlineData("bytes=4-2", 200, "0123456789", null)]
    [InlineData("bytes=a-b", 200, "0123456789", null)]
    [InlineData("bytes=-", 200, "0123456789", null)]
    [InlineData("lines=0-1", 200, "0123456789", null)]
    [InlineData("bytes=10-", 416, null, "bytes */10")]
    [InlineData("bytes=10-20", 416, null, "bytes */10")]
    [InlineData("bytes=-0", 416, null, "bytes */10")]
    [InlineData("bytes=99999999999999999999-", 416, null, "bytes */10")]
    public async Task Range_selects_bytes(string range, int status, string? body, string? contentRange)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "0123456789");
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("GET", $"/{bucket}/k") { Headers = [("Range", range)] });
        Assert.Equal(status, got.Status);
        Assert.Equal(contentRange, got.Header("Content-Range"));
        if (body is not null)
        {
            Assert.Equal(body, got.Text);
        }
        else
        {
            Assert.Equal("InvalidRange", got.Code);
        }
    }

    // C2 57.
    [Fact]
    public async Task Range_of_an_empty_object_is_416()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "");
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("GET", $"/{bucket}/k") { Headers = [("Range", "bytes=0-")] });
        Assert.Equal((416, "InvalidRange"), (got.Status, got.Code));
    }

    // C2 58: an object of one put is its own first part.
    [Theory]
    [InlineData("1", "", 206, null)]
    [InlineData("2", "", 416, "InvalidPartNumber")]
    [InlineData("0", "", 400, "InvalidArgument")]
    [InlineData("10001", "", 400, "InvalidArgument")]
    [InlineData("x", "", 400, "InvalidArgument")]
    [InlineData("1", "bytes=0-1", 400, "InvalidRequest")]
    public async Task Part_number_of_a_single_put(string part, string range, int status, string? code)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "0123456789");
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", $"/{bucket}/k")
        {
            Query = "partNumber=" + part,
            Headers = range.Length > 0 ? [("Range", range)] : [],
        });
        Assert.Equal(status, got.Status);
        if (code is not null)
        {
            Assert.Equal(code, got.Code);
        }
    }

    // C2 59.
    [Fact]
    public async Task Response_headers_can_be_overridden_by_a_signed_request()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x", ("Content-Type", "text/plain"));
        RawResponse got = await server.Raw.GetAsync(
            $"/{bucket}/k",
            "response-content-type=text%2Fhtml&response-content-disposition=attachment%3B%20filename%3D%22%C3%A9%22"
            + "&response-cache-control=no-store&response-expires=never&response-content-language=fr"
            + "&response-content-encoding=br");
        Assert.Equal("text/html", got.Header("Content-Type"));
        Assert.Equal("attachment; filename=\"é\"", got.Header("Content-Disposition"));
        Assert.Equal("no-store", got.Header("Cache-Control"));
        Assert.Equal("never", got.Header("Expires"));
        Assert.Equal("fr", got.Header("Content-Language"));
        Assert.Equal("br", got.Header("Content-Encoding"));
    }

    // D2 9: response splitting (Ceph CVE-2020-1760 and relatives).
    [Fact]
    public async Task CVE_2020_1760_line_breaks_in_overrides_are_refused()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse got = await server.Raw.GetAsync(
            $"/{bucket}/k", "response-content-type=a%0d%0aSet-Cookie%3A%20x");
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
        Assert.Null(got.Header("Set-Cookie"));
        Assert.Null(got.Header("ETag"));
        Assert.NotNull(got.Header("x-amz-request-id"));
    }

    // C2 32.
    [Fact]
    public async Task Accept_encoding_does_not_recode_objects()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", new string('a', 10_000));
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("GET", $"/{bucket}/k") { Headers = [("Accept-Encoding", "gzip, br")] });
        Assert.Null(got.Header("Content-Encoding"));
        Assert.Equal(10_000, got.Body.Length);
    }

    // C2 61 and 62.
    [Fact]
    public async Task Conditional_put_decides_on_what_is_there()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse created = await server.Raw.PutAsync($"/{bucket}/k", "1", ("If-None-Match", "*"));
        Assert.Equal(200, created.Status);
        RawResponse again = await server.Raw.PutAsync($"/{bucket}/k", "2", ("If-None-Match", "*"));
        Assert.Equal((412, "PreconditionFailed"), (again.Status, again.Code));
        RawResponse matched = await server.Raw.PutAsync($"/{bucket}/k", "3", ("If-Match", created.Header("ETag")!));
        Assert.Equal(200, matched.Status);
        RawResponse stale = await server.Raw.PutAsync($"/{bucket}/k", "4", ("If-Match", created.Header("ETag")!));
        Assert.Equal((412, "PreconditionFailed"), (stale.Status, stale.Code));
        Assert.Equal("3", (await server.Raw.GetAsync($"/{bucket}/k")).Text);
        RawResponse absent = await server.Raw.PutAsync($"/{bucket}/none", "5", ("If-Match", "\"x\""));
        Assert.Equal((404, "NoSuchKey"), (absent.Status, absent.Code));
        RawResponse other = await server.Raw.PutAsync($"/{bucket}/k", "6", ("If-None-Match", "\"x\""));
        Assert.Equal((501, "NotImplemented"), (other.Status, other.Code));
    }

    // C2 61: one of many wins; the others are told so, or that somebody was in the way.
    [Fact]
    public async Task Concurrent_conditional_puts_have_one_winner()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse[] puts = await Task.WhenAll(Enumerable.Range(0, 16).Select(number =>
            server.Raw.PutAsync($"/{bucket}/k", "body " + number, ("If-None-Match", "*"))));
        int winner = Array.FindIndex(puts, put => put.Status == 200);
        Assert.Single(puts, put => put.Status == 200);
        Assert.All(
            puts.Where(put => put.Status != 200),
            put => Assert.Contains(put.Code, (string[])["PreconditionFailed", "ConditionalRequestConflict"]));
        Assert.Equal("body " + winner, (await server.Raw.GetAsync($"/{bucket}/k")).Text);
    }

    [Theory]
    [InlineData("STANDARD", null)]
    [InlineData("REDUCED_REDUNDANCY", "REDUCED_REDUNDANCY")]
    public async Task Storage_class_is_kept(string name, string? shown)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x", ("x-amz-storage-class", name));
        Assert.Equal(shown, (await server.Raw.GetAsync($"/{bucket}/k")).Header("x-amz-storage-class"));
        ListObjectsV2Response list = await server.Client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = bucket });
        Assert.Equal(name, list.S3Objects.Single().StorageClass.Value);
    }

    [Fact]
    public async Task Unknown_storage_class_is_refused()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.PutAsync($"/{bucket}/k", "x", ("x-amz-storage-class", "GLACIER"));
        Assert.Equal((400, "InvalidStorageClass"), (put.Status, put.Code));
    }

    // D2 22: better no than a wrong yes.
    [Theory]
    [InlineData("x-amz-server-side-encryption", "AES256", 501, "NotImplemented")]
    [InlineData("x-amz-server-side-encryption-customer-algorithm", "AES256", 501, "NotImplemented")]
    [InlineData("x-amz-object-lock-mode", "GOVERNANCE", 400, "InvalidRequest")]
    [InlineData("x-amz-acl", "public-read", 400, "AccessControlListNotSupported")]
    [InlineData("x-amz-grant-read", "id=1", 400, "AccessControlListNotSupported")]
    public async Task GHSA_xrrf_67jm_3c2r_promises_that_cannot_be_kept_are_refused(
        string name, string value, int status, string code)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.PutAsync($"/{bucket}/k", "x", (name, value));
        Assert.Equal((status, code), (put.Status, put.Code));
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/k")).Status);
    }

    // C2 37.
    [Fact]
    public async Task Unknown_amz_headers_and_parameters_are_tolerated()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            Query = "x-id=PutObject&unheard=of",
            Headers = [("x-amz-of-the-future", "1"), ("x-amz-acl", "private")],
        }.WithText("x"));
        Assert.Equal(200, put.Status);
    }

    // C2 56.
    [Fact]
    public async Task Last_modified_is_the_same_second_in_header_and_listing()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        string header = (await server.Raw.GetAsync($"/{bucket}/k")).Header("Last-Modified")!;
        var time = DateTimeOffset.ParseExact(header, "r", System.Globalization.CultureInfo.InvariantCulture);
        RawResponse list = await server.Raw.GetAsync($"/{bucket}", "list-type=2");
        Assert.Contains(
            $"<LastModified>{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss}.000Z</LastModified>", list.Text, StringComparison.Ordinal);
    }
}
