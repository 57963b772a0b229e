namespace Cairn.Objects;

/// <summary>S3's additional checksums. Numbers are on disk: never renumber.</summary>
public enum ChecksumAlgorithm : byte
{
    Crc32 = 1,
    Crc32C = 2,
    Crc64Nvme = 3,
    Sha1 = 4,
    Sha256 = 5,
    Sha512 = 6,
    Md5 = 7,
    XxHash64 = 8,
    XxHash3 = 9,
    XxHash128 = 10,
}
