namespace Cairn.Objects;

/// <summary>A checksum kept with an object or a part.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Type">Over the whole object, or over the parts' checksums.</param>
/// <param name="Value">Raw bytes, big endian as S3 sends them in base64.</param>
public sealed record ObjectChecksum(ChecksumAlgorithm Algorithm, ChecksumType Type, ReadOnlyMemory<byte> Value);
