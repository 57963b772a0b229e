using Cairn.Api.S3.Authentication;
using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Checksums;

/// <summary>The checksum that a client announces for a body.</summary>
/// <param name="Kind">The algorithm; null: none announced.</param>
/// <param name="Value">From a header; null: it comes in the trailer.</param>
internal readonly record struct ChecksumClaim(ChecksumKind? Kind, byte[]? Value)
{
    private const string SdkAlgorithmHeader = "x-amz-sdk-checksum-algorithm";
    private const string TrailerHeader = "x-amz-trailer";

    /// <summary>The value is still to come, behind the body.</summary>
    public bool IsInTrailer => Kind is not null && Value is null;

    /// <summary>Reads x-amz-checksum-*, x-amz-trailer and x-amz-sdk-checksum-algorithm.</summary>
    public static S3Error? TryParse(S3Call call, out ChecksumClaim claim)
    {
        claim = default;
        S3Error? error = ReadHeaders(call, ref claim) ?? ReadTrailer(call, ref claim);
        if (error is not null)
        {
            return error;
        }

        if (call.Header(SdkAlgorithmHeader) is { Length: > 0 } name)
        {
            if (claim.Kind is null)
            {
                return S3Error.InvalidRequest.Because(
                    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer "
                    + "headers were found.");
            }

            if (ChecksumKind.FindByName(name) != claim.Kind)
            {
                return S3Error.InvalidRequest.Because("Value for x-amz-sdk-checksum-algorithm header is invalid.");
            }
        }

        return null;
    }

    private static S3Error? ReadHeaders(S3Call call, ref ChecksumClaim claim)
    {
        foreach (ChecksumKind kind in ChecksumKind.All)
        {
            if (call.Header(kind.Header) is not { } text)
            {
                continue;
            }

            if (claim.Kind is not null)
            {
                return S3Error.InvalidRequest.Because(
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            }

            if (!kind.TryParse(text, out byte[] value))
            {
                return S3Error.InvalidRequest.Because($"Value for {kind.Header} header is invalid.");
            }

            claim = new ChecksumClaim(kind, value);
        }

        return null;
    }

    private static S3Error? ReadTrailer(S3Call call, ref ChecksumClaim claim)
    {
        if (call.Signature.Payload.Mode is not (PayloadMode.SignedChunksWithTrailer
                or PayloadMode.UnsignedChunksWithTrailer)
            || call.Header(TrailerHeader) is not { Length: > 0 } names)
        {
            return null;
        }

        foreach (string name in names.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ChecksumKind.FindByHeader(name) is not { } kind)
            {
                return S3Error.InvalidRequest.Because(
                    "The value specified in the x-amz-trailer header is not supported");
            }

            if (claim.Kind is not null)
            {
                return S3Error.InvalidRequest.Because(
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            }

            claim = new ChecksumClaim(kind, null);
        }

        return null;
    }
}
