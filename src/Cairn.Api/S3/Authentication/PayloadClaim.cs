using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Authentication;

/// <summary>What x-amz-content-sha256 says about the body.</summary>
/// <param name="Mode">Coverage and framing.</param>
/// <param name="Hash">SHA-256 of the body in Hash mode; else null.</param>
internal readonly record struct PayloadClaim(PayloadMode Mode, byte[]? Hash)
{
    /// <summary>The header's name.</summary>
    public const string Header = "x-amz-content-sha256";

    /// <summary>The literal of an unsigned body.</summary>
    public const string Unsigned = "UNSIGNED-PAYLOAD";

    /// <summary>The body is framed as aws-chunked.</summary>
    public bool IsChunked => Mode >= PayloadMode.SignedChunks;

    public static S3Error? TryParse(string literal, out PayloadClaim claim)
    {
        claim = default;
        switch (literal)
        {
            case Unsigned:
                return null;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
                claim = new PayloadClaim(PayloadMode.SignedChunks, null);
                return null;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
                claim = new PayloadClaim(PayloadMode.SignedChunksWithTrailer, null);
                return null;
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
                claim = new PayloadClaim(PayloadMode.UnsignedChunksWithTrailer, null);
                return null;
            case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD":
            case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER":
                return S3Error.NotImplemented.Because("Signature version 4A is not implemented.");
        }

        byte[] hash = new byte[32];
        if (literal.Length != 64
            || Convert.FromHexString(literal, hash, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return S3Error.InvalidArgument
                .Because(
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                    + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid "
                    + "sha256 value.")
                .With("ArgumentName", Header)
                .With("ArgumentValue", literal);
        }

        claim = new PayloadClaim(PayloadMode.Hash, hash);
        return null;
    }
}
