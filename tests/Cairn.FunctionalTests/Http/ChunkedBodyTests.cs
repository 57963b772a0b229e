using System.Security.Cryptography;
using System.Text;
using Amazon.S3.Model;
using Cairn.FunctionalTests.Hosting;
using Cairn.Primitives.SigV4;
using Xunit;

namespace Cairn.FunctionalTests.Http;

/// <summary>Method: aws-chunked bodies framed by hand, right and wrong; a wrong one leaves no object.</summary>
public sealed class ChunkedBodyTests(S3Server server)
{
    private const string Signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    private const string SignedTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    private const string UnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    private const string Crc32Name = "x-amz-checksum-crc32";

    /// <summary>CRC32 of "hello world".</summary>
    private const string Crc32OfHello = "DUoRhQ==";

    // C2 11: any chunk size.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(11)]
    public async Task Signed_chunks_are_taken_and_verified(int chunkSize)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await SendAsync(bucket, Signed, chunkSize);
        Assert.True(put.Status == 200, put.Text);
        Assert.Equal("hello world", (await server.Raw.GetAsync($"/{bucket}/k")).Text);
    }

    // MinIO CVE-2021-21390: the bytes behind a valid signature are exchanged.
    [Fact]
    public async Task CVE_2021_21390_changed_chunk_is_refused()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await SendAsync(bucket, Signed, 5, change: body => body.Replace("hello", "jello", StringComparison.Ordinal));
        Assert.Equal((403, "SignatureDoesNotMatch"), (put.Status, put.Code));
        await AssertAbsentAsync(bucket);
    }

    // C2 11: also the signature of the last, empty chunk.
    [Fact]
    public async Task Signature_of_the_empty_chunk_is_verified()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await SendAsync(
            bucket,
            Signed,
            11,
            change: body =>
            {
                int last = body.LastIndexOf("chunk-signature=", StringComparison.Ordinal) + 16;
                return body[..last] + new string('0', 64) + body[(last + 64)..];
            });
        Assert.Equal((403, "SignatureDoesNotMatch"), (put.Status, put.Code));
        await AssertAbsentAsync(bucket);
    }

    [Fact]
    public async Task Signed_trailer_is_verified()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await SendAsync(bucket, SignedTrailer, 5, Crc32OfHello);
        Assert.True(put.Status == 200, put.Text);
        Assert.Equal(Crc32OfHello, put.Header(Crc32Name));
        RawResponse changed = await SendAsync(
            bucket, SignedTrailer, 5, Crc32OfHello, change: body => body.Replace("DUoR", "DUoS", StringComparison.Ordinal), key: "k2");
        Assert.Equal((403, "SignatureDoesNotMatch"), (changed.Status, changed.Code));
        RawResponse unsigned = await SendAsync(
            bucket,
            SignedTrailer,
            5,
            Crc32OfHello,
            change: body => body[..body.IndexOf("x-amz-trailer-signature", StringComparison.Ordinal)] + "\r\n",
            key: "k2");
        Assert.Equal(400, unsigned.Status);
        await AssertAbsentAsync(bucket, "k2");
    }

    [Fact]
    public async Task Unsigned_trailer_is_taken_and_its_checksum_verified()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await SendAsync(bucket, UnsignedTrailer, 5, Crc32OfHello);
        Assert.True(put.Status == 200, put.Text);
        RawResponse wrong = await SendAsync(bucket, UnsignedTrailer, 5, "AAAAAA==", key: "k2");
        Assert.Equal((400, "BadDigest"), (wrong.Status, wrong.Code));
        await AssertAbsentAsync(bucket, "k2");
    }

    // C2 10: MinIO CVE-2025-31489, CVE-2026-40344: the seed signature in the header.
    [Fact]
    public async Task CVE_2025_31489_unsigned_trailer_with_a_wrong_signature_is_refused()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await SendAsync(
            bucket,
            UnsignedTrailer,
            5,
            Crc32OfHello,
            signer: new SigV4Signer(S3Server.AccessKey, "wrong", "us-east-1"));
        Assert.Equal((403, "SignatureDoesNotMatch"), (put.Status, put.Code));
        await AssertAbsentAsync(bucket);
    }

    // C2 10: MinIO CVE-2026-41145: the same with credentials in the query, and without any.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CVE_2026_41145_unsigned_trailer_with_a_forged_or_no_link_is_refused(bool hasLink)
    {
        string bucket = await server.NewBucketAsync();
        var request = new RawRequest("PUT", $"/{bucket}/k");
        string query = server.Raw.Presign(
            request with { Signer = new SigV4Signer(S3Server.AccessKey, "wrong", "us-east-1") }, TimeSpan.FromMinutes(1));
        RawResponse put = await server.Raw.SendAsync((request with
        {
            Query = hasLink ? query : "",
            IsSigned = false,
            UnsignedHeaders = [("x-amz-content-sha256", UnsignedTrailer), ("x-amz-decoded-content-length", "1")],
        }).WithText("1\r\nx\r\n0\r\n\r\n"));
        Assert.Equal(403, put.Status);
        await AssertAbsentAsync(bucket);
    }

    // C2 12.
    [Theory]
    [InlineData("10", 400, "IncompleteBody")]
    [InlineData("12", 400, "IncompleteBody")]
    [InlineData("", 411, "MissingContentLength")]
    [InlineData("-1", 400, "InvalidArgument")]
    [InlineData("5368709121", 400, "EntityTooLarge")]
    public async Task Decoded_length_must_hold(string length, int status, string code)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await SendAsync(bucket, UnsignedTrailer, 5, Crc32OfHello, decodedLength: length);
        Assert.Equal((status, code), (put.Status, put.Code));
        await AssertAbsentAsync(bucket);
    }

    // C2 16.
    [Theory]
    [InlineData("X-Amz-Checksum-CRC32:DUoRhQ==", 200, null)]
    [InlineData("x-amz-checksum-crc32 : DUoRhQ== ", 200, null)]
    [InlineData("x-amz-checksum-sha1:DUoRhQ==", 400, "MalformedTrailerError")]
    [InlineData("", 400, "MalformedTrailerError")]
    [InlineData("no colon", 400, "MalformedTrailerError")]
    [InlineData("x-amz-checksum-crc32:!", 400, "InvalidRequest")]
    public async Task Trailer_must_be_the_declared_one(string line, int status, string? code)
    {
        string bucket = await server.NewBucketAsync();
        string trailer = line.Length > 0 ? line + "\r\n" : "";
        RawResponse put = await SendAsync(
            bucket,
            UnsignedTrailer,
            5,
            Crc32OfHello,
            change: body => body.Replace($"{Crc32Name}:{Crc32OfHello}\r\n", trailer, StringComparison.Ordinal));
        Assert.Equal((status, code), (put.Status, put.Code));
    }

    // C2 16.
    [Fact]
    public async Task Trailer_of_an_unknown_algorithm_is_refused_before_the_body()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            PayloadHash = UnsignedTrailer,
            Headers = [("x-amz-decoded-content-length", "1"), ("x-amz-trailer", "x-amz-checksum-none")],
        }.WithText("1\r\nx\r\n0\r\nx-amz-checksum-none:AA==\r\n\r\n"));
        Assert.Equal((400, "InvalidRequest"), (put.Status, put.Code));
    }

    // C2 18.
    [Fact]
    public async Task Chunked_encoding_of_an_unsigned_payload_is_refused()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            PayloadHash = "UNSIGNED-PAYLOAD",
            Headers = [("Content-Encoding", "aws-chunked")],
        }.WithText("1\r\nx\r\n0\r\n\r\n"));
        Assert.Equal((400, "InvalidRequest"), (put.Status, put.Code));
    }

    // C2 14 and 15.
    [Theory]
    [InlineData("gzip,aws-chunked", "gzip")]
    [InlineData("aws-chunked", null)]
    [InlineData("aws-chunked, gzip, br", "gzip,br")]
    [InlineData(null, null)]
    public async Task Only_the_own_token_is_taken_from_the_encoding(string? sent, string? stored)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await SendAsync(
            bucket, UnsignedTrailer, 5, Crc32OfHello, extra: sent is null ? null : ("Content-Encoding", sent));
        Assert.True(put.Status == 200, put.Text);
        Assert.Equal(stored, (await server.Raw.GetAsync($"/{bucket}/k")).Header("Content-Encoding"));
    }

    // C2 13.
    [Fact]
    public async Task Both_chunked_framings_are_decoded()
    {
        string bucket = await server.NewBucketAsync();
        var request = new RawRequest("PUT", $"/{bucket}/k")
        {
            PayloadHash = UnsignedTrailer,
            ContentLength = -1,
            Headers =
            [
                ("x-amz-decoded-content-length", "11"), ("x-amz-trailer", Crc32Name), ("Transfer-Encoding", "chunked"),
            ],
        };
        byte[] head = server.Raw.EncodeHead(request, out _);
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(head);
        foreach (string piece in (string[])["5\r\nhel", "lo\r", "\n6\r\n world\r\n0", $"\r\n{Crc32Name}:{Crc32OfHello}\r\n\r\n"])
        {
            await connection.SendAsync($"{piece.Length:x}\r\n{piece}\r\n");
        }

        await connection.SendAsync("0\r\n\r\n");
        RawResponse put = await connection.ReceiveAsync();
        Assert.True(put.Status == 200, put.Text);
        Assert.Equal("hello world", (await server.Raw.GetAsync($"/{bucket}/k")).Text);
    }

    // C2 17: Swift CVE-2026-49017 looped for ever here.
    [Fact]
    public async Task CVE_2026_49017_body_cut_off_anywhere_ends_in_an_error()
    {
        string bucket = await server.NewBucketAsync();
        RawRequest request = Request(bucket, UnsignedTrailer, 5, Crc32OfHello, "k");
        string body = Frame(UnsignedTrailer, 5, Crc32OfHello, null);
        for (int cut = 0; cut < body.Length - 4; cut += 3)
        {
            RawResponse put = await server.Raw.SendAsync(request.WithText(body[..cut]));
            Assert.True(put.Status == 400, cut + ": " + put.Status);
        }

        await AssertAbsentAsync(bucket);
    }

    [Theory]
    [InlineData("zz\r\nhello world\r\n0\r\n\r\n")]
    [InlineData("-5\r\nhello world\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffff\r\nhello world\r\n0\r\n\r\n")]
    [InlineData("b\r\nhello worldXX0\r\n\r\n")]
    [InlineData("\r\nhello world\r\n0\r\n\r\n")]
    [InlineData("b\r\nhello world\r\n0\r\n\r\nmore")]
    [InlineData("b\r\nhello world\r\n0\r\nx-amz-meta-a:b\r\n\r\n")]
    public async Task Garbled_framing_is_400(string body)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            PayloadHash = UnsignedTrailer,
            Headers = [("x-amz-decoded-content-length", "11")],
        }.WithText(body));
        Assert.Equal(400, put.Status);
        await AssertAbsentAsync(bucket);
    }

    // C1: AWSSDK.S3 over http signs chunks of 80 KiB and a trailer.
    [Theory]
    [InlineData(81_920)]
    [InlineData(81_921)]
    [InlineData(1_000_000)]
    public async Task Chunks_of_the_aws_client_are_taken(int size)
    {
        string bucket = await server.NewBucketAsync();
        byte[] bytes = RandomNumberGenerator.GetBytes(size);
        await server.Client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket,
            Key = "k",
            InputStream = new MemoryStream(bytes),
            ChecksumAlgorithm = Amazon.S3.ChecksumAlgorithm.SHA256,
        });
        RawResponse got = await server.Raw.GetAsync($"/{bucket}/k");
        Assert.Equal(bytes, got.Body);
    }

    private async Task<RawResponse> SendAsync(
        string bucket,
        string mode,
        int chunkSize,
        string? crc32 = null,
        Func<string, string>? change = null,
        string key = "k",
        string decodedLength = "11",
        SigV4Signer? signer = null,
        (string Name, string Value)? extra = null)
    {
        RawRequest request = Request(bucket, mode, chunkSize, crc32, key, decodedLength, extra) with { Signer = signer };
        // The length is not signed, so the framing can follow the signature that it chains from.
        byte[] probe = server.Raw.EncodeHead(request with { ContentLength = 0 }, out SigV4ChunkChain? chain);
        string body = Frame(mode, chunkSize, crc32, chain);
        body = change is null ? body : change(body);
        string head = Encoding.UTF8.GetString(probe)
            .Replace("Content-Length: 0", "Content-Length: " + body.Length, StringComparison.Ordinal);
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(head + body);
        return await connection.ReceiveAsync();
    }

    private static RawRequest Request(
        string bucket,
        string mode,
        int chunkSize,
        string? crc32,
        string key,
        string decodedLength = "11",
        (string Name, string Value)? extra = null)
    {
        var headers = new List<(string, string)>();
        if (decodedLength.Length > 0)
        {
            headers.Add(("x-amz-decoded-content-length", decodedLength));
        }

        if (crc32 is not null)
        {
            headers.Add(("x-amz-trailer", Crc32Name));
        }

        if (extra is { } more)
        {
            headers.Add(more);
        }

        return new RawRequest("PUT", $"/{bucket}/{key}") { PayloadHash = mode, Headers = headers };
    }

    private static string Frame(string mode, int chunkSize, string? crc32, SigV4ChunkChain? chain)
    {
        const string payload = "hello world";
        var body = new StringBuilder();
        for (int start = 0; start < payload.Length; start += chunkSize)
        {
            AppendChunk(body, payload.Substring(start, Math.Min(chunkSize, payload.Length - start)), mode, chain);
            body.Append("\r\n");
        }

        AppendChunk(body, "", mode, chain);
        if (crc32 is not null)
        {
            body.Append($"{Crc32Name}:{crc32}\r\n");
        }

        if (mode == SignedTrailer)
        {
            byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes($"{Crc32Name}:{crc32}\n"));
            body.Append($"x-amz-trailer-signature:{Encoding.ASCII.GetString(chain!.SignTrailer(hash))}\r\n");
        }

        return body.Append("\r\n").ToString();
    }

    private static void AppendChunk(StringBuilder body, string payload, string mode, SigV4ChunkChain? chain)
    {
        body.Append($"{payload.Length:x}");
        if (mode != UnsignedTrailer)
        {
            byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes(payload));
            body.Append($";chunk-signature={Encoding.ASCII.GetString(chain!.SignChunk(hash))}");
        }

        body.Append("\r\n").Append(payload);
    }

    private async Task AssertAbsentAsync(string bucket, string key = "k") =>
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/{key}")).Status);
}
