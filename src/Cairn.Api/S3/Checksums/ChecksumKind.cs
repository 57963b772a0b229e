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
        Define(ChecksumAlgorithm.Crc32, "CRC32", 4, (true, true)),
        Define(ChecksumAlgorithm.Crc32C, "CRC32C", 4, (true, true)),
        Define(ChecksumAlgorithm.Crc64Nvme, "CRC64NVME", 8, (true, false)),
        Define(ChecksumAlgorithm.Sha1, "SHA1", 20, (false, true)),
        Define(ChecksumAlgorithm.Sha256, "SHA256", 32, (false, true)),
        Define(ChecksumAlgorithm.Sha512, "SHA512", 64, (false, true)),
        Define(ChecksumAlgorithm.Md5, "MD5", 16, (false, true)),
        Define(ChecksumAlgorithm.XxHash64, "XXHASH64", 8, (false, true)),
        Define(ChecksumAlgorithm.XxHash3, "XXHASH3", 8, (false, true)),
        Define(ChecksumAlgorithm.XxHash128, "XXHASH128", 16, (false, true)),
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

    private static ChecksumKind Define(
        ChecksumAlgorithm algorithm, string name, int size, (bool FullObject, bool Composite) multipart) =>
        new(algorithm, name, HeaderPrefix + name.ToLowerInvariant(), "Checksum" + name, size, multipart);
}
