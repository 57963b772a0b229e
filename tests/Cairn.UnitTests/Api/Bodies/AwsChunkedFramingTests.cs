using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Errors;
using Cairn.Primitives.SigV4;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Api.Bodies;

/// <summary>
/// Method: a framed body is fed to the decoder in pieces of every size, and read into buffers of every size; the payload
/// must come out the same, whatever the cuts.
/// </summary>
public sealed class AwsChunkedFramingTests
{
    private static readonly SigV4Scope Scope = new(20130524, "us-east-1", "s3");
    private static readonly byte[] Seed = Encoding.ASCII.GetBytes(new string('0', 64));
    private static readonly byte[] Key = SigningKeyCache.Derive("secret", Scope);

    [Fact]
    public void Payload_comes_out_whatever_the_cuts() => Prop.ForAll<byte[], byte, byte>((payload, chunk, feed) =>
        DecodeAsync(Frame(payload, chunk + 1, isSigned: true), feed + 1, (chunk * 7 % 50) + 1, isSigned: true)
            .GetAwaiter().GetResult().AsSpan().SequenceEqual(payload)).QuickCheckThrowOnFailure();

    [Fact]
    public void Changed_byte_is_found_wherever_it_is() => Prop.ForAll<NonEmptyArray<byte>, byte, ushort>((payload, chunk, place) =>
    {
        byte[] body = Frame(payload.Get, (chunk % 16) + 1, isSigned: true);
        body[place % body.Length] ^= 1;
        try
        {
            // A changed line end or a hexadecimal digit in another case may mean the same; never other bytes.
            byte[] decoded = DecodeAsync(body, 7, 5, isSigned: true).GetAwaiter().GetResult();
            return decoded.AsSpan().SequenceEqual(payload.Get);
        }
        catch (S3Exception)
        {
            return true;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_end_in_a_payload_or_an_error() => Prop.ForAll<byte[], bool>((bytes, isSigned) =>
    {
        byte[][] bodies = [bytes, [.. "5\r\n"u8, .. bytes], [.. "0\r\n"u8, .. bytes], [.. "1;chunk-signature="u8, .. bytes]];
        foreach (byte[] body in bodies)
        {
            try
            {
                DecodeAsync(body, 3, 4, isSigned).GetAwaiter().GetResult();
            }
            catch (S3Exception)
            {
                // The only way out that there is.
            }
        }
    }).QuickCheckThrowOnFailure();

    // C2 17.
    [Fact]
    public async Task Truncated_body_ends_in_an_error()
    {
        byte[] body = Frame("hello world"u8.ToArray(), 5, isSigned: true);
        for (int length = 0; length < body.Length - 4; length++)
        {
            await Assert.ThrowsAsync<S3Exception>(() => DecodeAsync(body[..length], 6, 6, isSigned: true));
        }
    }

    // A line without an end must not be collected for ever.
    [Fact]
    public async Task Endless_line_is_refused()
    {
        S3Exception refused = await Assert.ThrowsAsync<S3Exception>(
            () => DecodeAsync(Encoding.ASCII.GetBytes(new string('1', 100_000)), 1000, 6, isSigned: false));
        Assert.Equal("InvalidChunkSizeError", refused.Error.Code);
    }

    private static async Task<byte[]> DecodeAsync(byte[] body, int feedSize, int readSize, bool isSigned)
    {
        var pipe = new Pipe();
        Task feeding = FeedAsync(pipe.Writer, body, feedSize);
        using var source = new BodyPipe(pipe.Reader, TimeProvider.System, TimeSpan.FromSeconds(10));
        using var framing = new AwsChunkedFraming(
            source,
            isSigned ? new SigV4ChunkChain(Key, "20130524T000000Z", Scope, Seed) : null,
            hasTrailer: false,
            declaredTrailer: null);
        var decoded = new List<byte>();
        byte[] buffer = new byte[readSize];
        try
        {
            int size;
            while ((size = await framing.ReadAsync(buffer, default)) > 0)
            {
                decoded.AddRange(buffer.AsSpan(0, size));
            }

            await framing.DrainAsync(default);
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            await feeding;
        }

        return [.. decoded];
    }

    private static async Task FeedAsync(PipeWriter writer, byte[] body, int size)
    {
        for (int start = 0; start < body.Length; start += size)
        {
            FlushResult result = await writer.WriteAsync(body.AsMemory(start, Math.Min(size, body.Length - start)));
            if (result.IsCompleted)
            {
                break;
            }
        }

        await writer.CompleteAsync();
    }

    private static byte[] Frame(byte[] payload, int chunkSize, bool isSigned)
    {
        var chain = new SigV4ChunkChain(Key, "20130524T000000Z", Scope, Seed);
        var body = new List<byte>();
        for (int start = 0; start < payload.Length; start += chunkSize)
        {
            byte[] chunk = payload[start..Math.Min(start + chunkSize, payload.Length)];
            AppendHeader(body, chunk, isSigned ? chain : null);
            body.AddRange(chunk);
            body.AddRange("\r\n"u8);
        }

        AppendHeader(body, [], isSigned ? chain : null);
        body.AddRange("\r\n"u8);
        return [.. body];
    }

    private static void AppendHeader(List<byte> body, byte[] chunk, SigV4ChunkChain? chain)
    {
        string signature = chain is null
            ? ""
            : ";chunk-signature=" + Encoding.ASCII.GetString(chain.SignChunk(SHA256.HashData(chunk)));
        body.AddRange(Encoding.ASCII.GetBytes(
            chunk.Length.ToString("x", CultureInfo.InvariantCulture) + signature + "\r\n"));
    }
}
