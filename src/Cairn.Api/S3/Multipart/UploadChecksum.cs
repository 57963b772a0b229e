using Cairn.Api.S3.Checksums;
using Cairn.Api.S3.Errors;
using Cairn.Objects;
using Cairn.Objects.Multipart;

namespace Cairn.Api.S3.Multipart;

/// <summary>Which checksum an upload keeps, and what its parts must bring.</summary>
internal static class UploadChecksum
{
    /// <summary>Reads x-amz-checksum-algorithm and x-amz-checksum-type of a new upload.</summary>
    public static S3Error? TryParse(S3Call call, out ChecksumKind? kind, out ChecksumType? type)
    {
        kind = null;
        type = null;
        string? name = call.Header("x-amz-checksum-algorithm");
        string? typeName = call.Header("x-amz-checksum-type");
        if (string.IsNullOrEmpty(name))
        {
            return string.IsNullOrEmpty(typeName)
                ? null
                : S3Error.InvalidRequest.Because(
                    "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
        }

        kind = ChecksumKind.FindByName(name);
        if (kind is null)
        {
            return S3Error.InvalidRequest.Because(
                "Checksum algorithm provided is unsupported. Please try again with a known algorithm.");
        }

        ChecksumType wanted = kind.Multipart.Composite ? ChecksumType.Composite : ChecksumType.FullObject;
        if (!string.IsNullOrEmpty(typeName) && !ChecksumText.TryParseType(typeName, out wanted))
        {
            return S3Error.InvalidRequest.Because("Value for x-amz-checksum-type header is invalid.");
        }

        type = wanted;
        bool isPossible = wanted == ChecksumType.Composite ? kind.Multipart.Composite : kind.Multipart.FullObject;
        return isPossible
            ? null
            : S3Error.InvalidRequest.Because(
                $"The {ChecksumText.FormatType(wanted)} checksum type cannot be used with the "
                + $"{kind.Name.ToLowerInvariant()} checksum algorithm.");
    }

    /// <summary>The checksum that a part keeps: the upload's; parts of an upload without one keep CRC64NVME.</summary>
    public static ChecksumAlgorithm KeptBy(UploadDescription upload) => upload.Checksum ?? ChecksumAlgorithm.Crc64Nvme;

    /// <summary>Whether a part brings the checksum that its upload announced.</summary>
    /// <remarks>
    /// An upload that announced none takes parts with any: clients add one to each request by themselves. One over the
    /// whole object can also be computed here; one over the parts' own needs the parts' own.
    /// </remarks>
    public static S3Error? CheckPart(UploadDescription upload, ChecksumClaim claim)
    {
        if (upload.Checksum is not { } expected || claim.Kind?.Algorithm == expected)
        {
            return null;
        }

        return claim.Kind is null && upload.ChecksumType == ChecksumType.FullObject
            ? null
            : S3Error.InvalidRequest.Because(
                $"Checksum Type mismatch occurred, expected checksum Type: {NameOf(expected)}, actual checksum Type: "
                + (claim.Kind?.Name.ToLowerInvariant() ?? "null"));
    }

    private static string NameOf(ChecksumAlgorithm algorithm) => ChecksumKind.Of(algorithm).Name.ToLowerInvariant();
}
