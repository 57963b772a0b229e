using System.Security.Cryptography;
using Cairn.Objects;
using Cairn.Primitives.Checksums;

namespace Cairn.Api.S3.Checksums;

/// <summary>A checksum of bytes that arrive in runs.</summary>
/// <remarks>Concurrency: one caller at a time. Dispose it: the hashes hold native memory.</remarks>
internal sealed class RunningChecksum(ChecksumAlgorithm algorithm) : IDisposable
{
    private readonly IncrementalHash? _hash = CreateHash(algorithm);
    private readonly XxHash64? _xxHash64 = algorithm == ChecksumAlgorithm.XxHash64 ? new XxHash64() : null;
    private readonly XxHash3? _xxHash3 = algorithm == ChecksumAlgorithm.XxHash3 ? new XxHash3() : null;
    private readonly XxHash128? _xxHash128 = algorithm == ChecksumAlgorithm.XxHash128 ? new XxHash128() : null;
    private Crc32 _crc32;
    private Crc32C _crc32C;
    private Crc64Nvme _crc64Nvme;

    public ChecksumAlgorithm Algorithm => algorithm;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        switch (algorithm)
        {
            case ChecksumAlgorithm.Crc32:
                _crc32.Append(bytes);
                break;
            case ChecksumAlgorithm.Crc32C:
                _crc32C.Append(bytes);
                break;
            case ChecksumAlgorithm.Crc64Nvme:
                _crc64Nvme.Append(bytes);
                break;
            case ChecksumAlgorithm.XxHash64:
                _xxHash64!.Append(bytes);
                break;
            case ChecksumAlgorithm.XxHash3:
                _xxHash3!.Append(bytes);
                break;
            case ChecksumAlgorithm.XxHash128:
                _xxHash128!.Append(bytes);
                break;
            default:
                _hash!.AppendData(bytes);
                break;
        }
    }

    /// <summary>The checksum of all runs, big endian.</summary>
    public byte[] Finish()
    {
        byte[] value = new byte[ChecksumKind.Of(algorithm).Size];
        switch (algorithm)
        {
            case ChecksumAlgorithm.Crc32:
                _crc32.WriteDigest(value);
                break;
            case ChecksumAlgorithm.Crc32C:
                _crc32C.WriteDigest(value);
                break;
            case ChecksumAlgorithm.Crc64Nvme:
                _crc64Nvme.WriteDigest(value);
                break;
            case ChecksumAlgorithm.XxHash64:
                _xxHash64!.WriteDigest(value);
                break;
            case ChecksumAlgorithm.XxHash3:
                _xxHash3!.WriteDigest(value);
                break;
            case ChecksumAlgorithm.XxHash128:
                _xxHash128!.WriteDigest(value);
                break;
            default:
                _hash!.GetHashAndReset(value);
                break;
        }

        return value;
    }

    public void Dispose() => _hash?.Dispose();

    private static IncrementalHash? CreateHash(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Sha1 => IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
        ChecksumAlgorithm.Sha256 => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
        ChecksumAlgorithm.Sha512 => IncrementalHash.CreateHash(HashAlgorithmName.SHA512),
        ChecksumAlgorithm.Md5 => IncrementalHash.CreateHash(HashAlgorithmName.MD5),
        _ => null,
    };
}
