namespace Cairn.Api.S3.Authentication;

/// <summary>How far a request's signature covers its body, and how the body is framed.</summary>
internal enum PayloadMode
{
    /// <summary>UNSIGNED-PAYLOAD, or a signature version without a payload hash.</summary>
    Unsigned = 0,

    /// <summary>The SHA-256 of the body is part of the signature.</summary>
    Hash,

    /// <summary>aws-chunked, each chunk signed.</summary>
    SignedChunks,

    /// <summary>aws-chunked, each chunk and the trailer signed.</summary>
    SignedChunksWithTrailer,

    /// <summary>aws-chunked without signatures, with a trailer.</summary>
    UnsignedChunksWithTrailer,
}
