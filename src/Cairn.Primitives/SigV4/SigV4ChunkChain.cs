using System.Security.Cryptography;
using Cairn.Primitives.Codecs;

namespace Cairn.Primitives.SigV4;

/// <summary>
/// The signatures of a streamed body: each chunk's covers the one before, the first the request's own.
/// </summary>
/// <remarks>
/// Invariants: the chain only moves on with the signature that it computed itself, so a wrong chunk breaks it for good.
/// Concurrency: one caller at a time.
/// See: AWS, "Signature calculations: transferring payload in multiple chunks" and "... trailing headers".
/// </remarks>
public sealed class SigV4ChunkChain
{
    private const string ChunkAlgorithm = "AWS4-HMAC-SHA256-PAYLOAD";
    private const string TrailerAlgorithm = "AWS4-HMAC-SHA256-TRAILER";

    private readonly ReadOnlyMemory<byte> _signingKey;
    private readonly string _time;
    private readonly SigV4Scope _scope;
    private readonly byte[] _previous = new byte[SigV4Signature.HexLength];

    /// <param name="signingKey">The request's; 32 bytes, kept.</param>
    /// <param name="time">The request's date as sent.</param>
    /// <param name="scope">The request's scope.</param>
    /// <param name="seedSignature">The request's own signature: 64 hexadecimal digits.</param>
    public SigV4ChunkChain(
        ReadOnlyMemory<byte> signingKey, string time, SigV4Scope scope, ReadOnlySpan<byte> seedSignature)
    {
        _signingKey = signingKey;
        _time = time;
        _scope = scope;
        seedSignature.CopyTo(_previous);
    }

    /// <summary>Signs the next chunk; the answer is valid until the next call.</summary>
    /// <param name="chunkHash">SHA-256 of the chunk's payload.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public ReadOnlySpan<byte> SignChunk(scoped ReadOnlySpan<byte> chunkHash)
    {
        var builder = new ByteBuilder(stackalloc byte[384]);
        AppendStart(ref builder, ChunkAlgorithm);
        builder.Append(SigV4Signature.EmptyPayloadHash.AsSpan());
        builder.Append((byte)'\n');
        Sign(ref builder, chunkHash);
        return _previous;
    }

    /// <summary>Signs the trailing headers, behind the empty chunk.</summary>
    /// <param name="trailerHash">SHA-256 over each "name:value" and a line feed, names in lower case, as sent.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public ReadOnlySpan<byte> SignTrailer(scoped ReadOnlySpan<byte> trailerHash)
    {
        var builder = new ByteBuilder(stackalloc byte[384]);
        AppendStart(ref builder, TrailerAlgorithm);
        Sign(ref builder, trailerHash);
        return _previous;
    }

    /// <summary>Whether the next chunk carries the right signature; in constant time.</summary>
    public bool VerifyChunk(ReadOnlySpan<byte> chunkHash, ReadOnlySpan<byte> claimed) =>
        CryptographicOperations.FixedTimeEquals(SignChunk(chunkHash), claimed);

    /// <summary>Whether the trailer carries the right signature; in constant time.</summary>
    public bool VerifyTrailer(ReadOnlySpan<byte> trailerHash, ReadOnlySpan<byte> claimed) =>
        CryptographicOperations.FixedTimeEquals(SignTrailer(trailerHash), claimed);

    private void AppendStart(ref ByteBuilder builder, string algorithm)
    {
        builder.Append(algorithm.AsSpan());
        builder.Append((byte)'\n');
        builder.Append(_time.AsSpan());
        builder.Append((byte)'\n');
        _scope.AppendTo(ref builder);
        builder.Append((byte)'\n');
        builder.Append(_previous);
        builder.Append((byte)'\n');
    }

    private void Sign(ref ByteBuilder builder, scoped ReadOnlySpan<byte> hash)
    {
        builder.AppendHex(hash);
        SigV4Signature.WriteHmac(_signingKey.Span, builder.Bytes, _previous);
        builder.Dispose();
    }
}
