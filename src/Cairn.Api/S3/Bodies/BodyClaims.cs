using System.Globalization;
using Cairn.Api.S3.Authentication;
using Cairn.Api.S3.Checksums;
using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Bodies;

/// <summary>What a request's headers say about its body, read before the body is.</summary>
/// <param name="Length">Bytes of payload.</param>
/// <param name="PayloadHash">SHA-256 that the signature covers; null: none.</param>
/// <param name="ContentMd5">16 bytes; null: none announced.</param>
/// <param name="Checksum">The announced x-amz-checksum.</param>
internal sealed record BodyClaims(long Length, byte[]? PayloadHash, byte[]? ContentMd5, ChecksumClaim Checksum)
{
    /// <summary>S3's limit for one put or one part.</summary>
    public const long MaxSize = 5L << 30;

    private const string DecodedLengthHeader = "x-amz-decoded-content-length";

    /// <summary>Something besides the signature says what the body must be.</summary>
    public bool HasIntegrity => ContentMd5 is not null || Checksum.Kind is not null;

    /// <summary>Reads length, Content-MD5 and checksum headers.</summary>
    public static S3Error? TryParse(S3Call call, long maxSize, out BodyClaims? claims) =>
        TryParse(call, maxSize, areChecksumsOfBody: true, out claims);

    /// <summary>Reads length and Content-MD5 of a body whose x-amz-checksum headers are about something else.</summary>
    public static S3Error? TryParseWithoutChecksum(S3Call call, long maxSize, out BodyClaims? claims) =>
        TryParse(call, maxSize, areChecksumsOfBody: false, out claims);

    private static S3Error? TryParse(S3Call call, long maxSize, bool areChecksumsOfBody, out BodyClaims? claims)
    {
        claims = null;
        if (ReadLength(call, out long length) is { } lengthError)
        {
            return lengthError;
        }

        if (length > maxSize)
        {
            return (maxSize == MaxSize ? S3Error.EntityTooLarge : S3Error.MaxMessageLengthExceeded)
                .With("ProposedSize", length.ToString(CultureInfo.InvariantCulture))
                .With("MaxSizeAllowed", maxSize.ToString(CultureInfo.InvariantCulture));
        }

        if (!TryReadContentMd5(call, out byte[]? contentMd5))
        {
            return S3Error.InvalidDigest.Because("The Content-MD5 you specified is not valid.");
        }

        ChecksumClaim checksum = default;
        if (areChecksumsOfBody && ChecksumClaim.TryParse(call, out checksum) is { } checksumError)
        {
            return checksumError;
        }

        claims = new BodyClaims(length, call.Signature.Payload.Hash, contentMd5, checksum);
        return null;
    }

    private static S3Error? ReadLength(S3Call call, out long length)
    {
        length = 0;
        if (!call.Signature.Payload.IsChunked)
        {
            if (ContentEncoding.IsAwsChunked(call.Request.Headers.ContentEncoding))
            {
                return S3Error.InvalidRequest.Because(
                    "aws-chunked needs an x-amz-content-sha256 that announces a streamed payload.");
            }

            length = call.Request.ContentLength ?? -1;
            return length < 0 ? S3Error.MissingContentLength : null;
        }

        string? decoded = call.Header(DecodedLengthHeader);
        if (string.IsNullOrEmpty(decoded))
        {
            return S3Error.MissingContentLength.Because(
                "You must provide the x-amz-decoded-content-length HTTP header.");
        }

        return long.TryParse(decoded, NumberStyles.None, CultureInfo.InvariantCulture, out length)
            ? null
            : S3Error.InvalidArgument.With("ArgumentName", DecodedLengthHeader).With("ArgumentValue", decoded);
    }

    private static bool TryReadContentMd5(S3Call call, out byte[]? contentMd5)
    {
        contentMd5 = null;
        // Presigned links of version 2 carry it in the query.
        string? text = call.Request.Headers.ContentMD5.Count > 0
            ? call.Request.Headers.ContentMD5.ToString()
            : call.Signature.Mechanism == SignatureMechanism.QueryV2 ? call.Query.FindHeader("content-md5") : null;
        if (text is null)
        {
            return true;
        }

        byte[] value = new byte[16];
        contentMd5 = value;
        return Convert.TryFromBase64String(text, value, out int written) && written == value.Length;
    }
}
