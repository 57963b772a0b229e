using Cairn.Objects;

namespace Cairn.Api.S3.Checksums;

/// <summary>What S3 calls a checksum algorithm, and how its value looks.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Name">As in x-amz-checksum-algorithm.</param>
/// <param name="Header">The header or trailer with the value.</param>
/// <param name="Element">The XML element with the value.</param>
/// <param name="Size">Bytes of a value.</param>
/// <param name="Multipart">
/// What it may cover in a multipart object: the bytes (CRCs combine, hashes do not), the parts' checksums.
/// </param>
internal sealed record ChecksumKind(
    ChecksumAlgorithm Algorithm,
    string Name,
    string Header,
    string Element,
    int Size,
    (bool FullObject, bool Composite) Multipart)
{
    /// <summary>Prefix of all checksum headers.</summary>
    public const string HeaderPrefix = "x-amz-checksum-";

    public static readonly ChecksumKind[] All =
    [
        new(ChecksumAlgorithm.Crc32, "CRC32", "x-amz-checksum-crc32", "ChecksumCRC32", 4, (true, true)),
        new(ChecksumAlgorithm.Crc32C, "CRC32C", "x-amz-checksum-crc32c", "ChecksumCRC32C", 4, (true, true)),
        new(ChecksumAlgorithm.Crc64Nvme, "CRC64NVME", "x-amz-checksum-crc64nvme", "ChecksumCRC64NVME", 8, (true, false)),
        new(ChecksumAlgorithm.Sha1, "SHA1", "x-amz-checksum-sha1", "ChecksumSHA1", 20, (false, true)),
        new(ChecksumAlgorithm.Sha256, "SHA256", "x-amz-checksum-sha256", "ChecksumSHA256", 32, (false, true)),
        new(ChecksumAlgorithm.Sha512, "SHA512", "x-amz-checksum-sha512", "ChecksumSHA512", 64, (false, true)),
        new(ChecksumAlgorithm.Md5, "MD5", "x-amz-checksum-md5", "ChecksumMD5", 16, (false, true)),
        new(ChecksumAlgorithm.XxHash64, "XXHASH64", "x-amz-checksum-xxhash64", "ChecksumXXHASH64", 8, (false, true)),
        new(ChecksumAlgorithm.XxHash3, "XXHASH3", "x-amz-checksum-xxhash3", "ChecksumXXHASH3", 8, (false, true)),
        new(ChecksumAlgorithm.XxHash128, "XXHASH128", "x-amz-checksum-xxhash128", "ChecksumXXHASH128", 16, (false, true)),
    ];

    public static ChecksumKind Of(ChecksumAlgorithm algorithm) => All[(int)algorithm - 1];

    public static ChecksumKind? FindByName(ReadOnlySpan<char> name)
    {
        foreach (ChecksumKind kind in All)
        {
            if (name.Equals(kind.Name, StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        return null;
    }

    public static ChecksumKind? FindByHeader(ReadOnlySpan<char> header)
    {
        foreach (ChecksumKind kind in All)
        {
            if (header.Equals(kind.Header, StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>Reads a base64 value of the right size.</summary>
    public bool TryParse(ReadOnlySpan<char> text, out byte[] value)
    {
        value = new byte[Size];
        return Convert.TryFromBase64Chars(text, value, out int written) && written == Size;
    }
}
