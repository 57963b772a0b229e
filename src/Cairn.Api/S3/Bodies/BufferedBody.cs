using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Bodies;

/// <summary>A document that comes as a request's body, read whole and verified.</summary>
internal static class BufferedBody
{
    /// <summary>Ten thousand parts with the longest checksum, or a thousand keys of the longest kind, fit.</summary>
    public const int MaxSize = 4 << 20;

    /// <summary>Reads the body of a request.</summary>
    /// <param name="call">The request, authorised.</param>
    /// <param name="needsIntegrity">Content-MD5 or an x-amz-checksum must be announced.</param>
    /// <exception cref="S3Exception">Headers, length or a digest do not hold.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(S3Call call, bool needsIntegrity)
    {
        if (IsAbsent(call))
        {
            return default;
        }

        if (BodyClaims.TryParse(call, MaxSize, out BodyClaims? claims) is { } error)
        {
            throw new S3Exception(error);
        }

        if (needsIntegrity && !claims!.HasIntegrity)
        {
            throw new S3Exception(S3Error.InvalidRequest.Because(
                "Missing required header for this request: Content-MD5 OR x-amz-checksum-*"));
        }

        return await ReadAsync(call, claims!);
    }

    /// <summary>Reads a body whose x-amz-checksum headers are about something else.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadUncheckedAsync(S3Call call)
    {
        if (IsAbsent(call))
        {
            return default;
        }

        return BodyClaims.TryParseWithoutChecksum(call, MaxSize, out BodyClaims? claims) is { } error
            ? throw new S3Exception(error)
            : await ReadAsync(call, claims!);
    }

    private static bool IsAbsent(S3Call call) =>
        call.Request.ContentLength is null or 0
        && !call.Signature.Payload.IsChunked
        && call.Request.Headers.TransferEncoding.Count == 0;

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(S3Call call, BodyClaims claims)
    {
        using RequestBody body = RequestBody.Open(call, claims, kept: null);
        byte[] bytes = new byte[claims.Length];
        int filled = 0;
        // One byte of room behind the end shows a body that goes on; the body itself refuses it.
        byte[] beyond = new byte[1];
        while (true)
        {
            Memory<byte> room = filled < bytes.Length ? bytes.AsMemory(filled) : beyond;
            int size = await body.ReadAsync(room, call.Cancellation);
            if (size == 0)
            {
                break;
            }

            filled += size;
        }

        await body.HashAsync(bytes.AsMemory(0, filled));
        await body.FinishAsync(call.Cancellation);
        return bytes;
    }
}
