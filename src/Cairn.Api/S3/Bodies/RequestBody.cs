using System.Security.Cryptography;
using Cairn.Api.S3.Authentication;
using Cairn.Api.S3.Errors;
using Cairn.Objects;
using Cairn.Primitives;

namespace Cairn.Api.S3.Bodies;

/// <summary>The payload of a request on its way into the store, verified as it passes.</summary>
/// <remarks>
/// Invariants: FinishAsync only returns when the announced length, the payload hash, the chunk signatures, Content-MD5
/// and the announced checksum all hold; the store makes nothing visible before it returned.
/// Failure: throws S3Exception, out of the store's hands and back to the endpoint.
/// </remarks>
internal sealed class RequestBody : IObjectBody, IDisposable
{
    private readonly BodyPipe _pipe;
    private readonly IBodyFraming _framing;
    private readonly BodyDigests _digests;
    private readonly BodyClaims _claims;
    private readonly S3Call _call;
    private long _received;

    private RequestBody(S3Call call, BodyPipe pipe, IBodyFraming framing, BodyDigests digests, BodyClaims claims)
    {
        _call = call;
        _pipe = pipe;
        _framing = framing;
        _digests = digests;
        _claims = claims;
    }

    public long? Length => _claims.Length;

    /// <summary>The checksum that the client announced, once finished: algorithm and value.</summary>
    public ObjectChecksum? Claimed { get; private set; }

    /// <summary>
    /// Opens the body of a request; reads nothing yet, so a client that waits for 100-continue still waits.
    /// </summary>
    /// <param name="call">The request, authenticated.</param>
    /// <param name="claims">What it announces.</param>
    /// <param name="kept">The checksum to store; null: the announced one, or CRC64NVME.</param>
    public static RequestBody Open(S3Call call, BodyClaims claims, ChecksumAlgorithm? kept)
    {
        PayloadClaim payload = call.Signature.Payload;
        var pipe = new BodyPipe(call.Request.BodyReader, call.Time, call.Options.UploadPatience);
        bool hasTrailer = payload.Mode != PayloadMode.SignedChunks;
        IBodyFraming framing = payload.IsChunked
            ? new AwsChunkedFraming(
                pipe,
                call.Signature.Chunks,
                hasTrailer,
                claims.Checksum.IsInTrailer ? claims.Checksum.Kind!.Header : null)
            : new PlainFraming(pipe);
        var digests = new BodyDigests(
            call.Md5, claims.Length, payload.Mode == PayloadMode.Hash, claims.Checksum.Kind?.Algorithm, kept);
        return new RequestBody(call, pipe, framing, digests, claims);
    }

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int size = await _framing.ReadAsync(destination, cancellationToken);
        _received += size;
        if (_received > _claims.Length)
        {
            throw new S3Exception(S3Error.IncompleteBody);
        }

        return size;
    }

    public ValueTask HashAsync(ReadOnlyMemory<byte> bytes) => _digests.AppendAsync(bytes);

    public async ValueTask<BodyDigest> FinishAsync(CancellationToken cancellationToken)
    {
        // Whoever has all announced bytes may stop reading; the end of the framing has not been looked at then.
        Check.Invariant(await ReadAsync(new byte[1], cancellationToken) == 0);

        if (_framing is AwsChunkedFraming chunked)
        {
            await chunked.DrainAsync(cancellationToken);
        }

        _call.IsBodyRead = true;
        _digests.Finish(_received);
        if (Verify() is { } error)
        {
            throw new S3Exception(error);
        }

        return new BodyDigest(_digests.Md5, _digests.Kept);
    }

    public void Dispose()
    {
        _digests.Dispose();
        _pipe.Dispose();
        (_framing as IDisposable)?.Dispose();
    }

    private S3Error? Verify()
    {
        if (_received != _claims.Length)
        {
            return S3Error.IncompleteBody;
        }

        if (_claims.PayloadHash is { } hash && !CryptographicOperations.FixedTimeEquals(hash, _digests.Sha256))
        {
            return S3Error.XAmzContentSha256Mismatch
                .With("ClientComputedContentSHA256", Convert.ToHexStringLower(hash))
                .With("S3ComputedContentSHA256", Convert.ToHexStringLower(_digests.Sha256));
        }

        if (_claims.ContentMd5 is { } md5 && !md5.AsSpan().SequenceEqual(_digests.Md5))
        {
            return S3Error.BadDigest.Because("The Content-MD5 you specified did not match what we received.");
        }

        return VerifyChecksum();
    }

    private S3Error? VerifyChecksum()
    {
        if (_claims.Checksum.Kind is not { } kind)
        {
            return null;
        }

        byte[]? expected = _claims.Checksum.Value;
        if (expected is null)
        {
            if (_framing.FindTrailer(kind.Header) is not { } trailer)
            {
                return S3Error.MalformedTrailer;
            }

            if (!kind.TryParse(trailer, out expected))
            {
                return S3Error.InvalidRequest.Because($"Value for {kind.Header} trailing header is invalid.");
            }
        }

        if (!expected.AsSpan().SequenceEqual(_digests.Claimed))
        {
            return S3Error.BadDigest.Because(
                $"The {kind.Name} you specified did not match the calculated checksum.");
        }

        Claimed = new ObjectChecksum(kind.Algorithm, ChecksumType.FullObject, expected);
        return null;
    }
}
