using System.Security.Cryptography;
using Cairn.Primitives.Checksums;

namespace Cairn.Objects;

/// <summary>Computes one of S3's checksums over bytes that come in runs.</summary>
/// <remarks>One stream, one instance; not safe for concurrent use. Finish ends it.</remarks>
public abstract class ChecksumHash : IDisposable
{
    /// <returns>Null for an algorithm that this release can keep but not compute.</returns>
    public static ChecksumHash? TryStart(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 => new Crc32Hash(),
        ChecksumAlgorithm.Crc32C => new Crc32CHash(),
        ChecksumAlgorithm.Crc64Nvme => new Crc64NvmeHash(),
        ChecksumAlgorithm.Sha1 => new DigestHash(HashAlgorithmName.SHA1),
        ChecksumAlgorithm.Sha256 => new DigestHash(HashAlgorithmName.SHA256),
        ChecksumAlgorithm.Sha512 => new DigestHash(HashAlgorithmName.SHA512),
        ChecksumAlgorithm.Md5 => new DigestHash(HashAlgorithmName.MD5),
        _ => null,
    };

    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>The checksum, big endian as S3 sends it.</summary>
    public abstract byte[] Finish();

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
    }

    private sealed class Crc32Hash : ChecksumHash
    {
        private Crc32 _crc;

        public override void Append(ReadOnlySpan<byte> bytes) => _crc.Append(bytes);

        public override byte[] Finish()
        {
            byte[] value = new byte[Crc32.DigestSize];
            _crc.WriteDigest(value);
            return value;
        }
    }

    private sealed class Crc32CHash : ChecksumHash
    {
        private Crc32C _crc;

        public override void Append(ReadOnlySpan<byte> bytes) => _crc.Append(bytes);

        public override byte[] Finish()
        {
            byte[] value = new byte[Crc32C.DigestSize];
            _crc.WriteDigest(value);
            return value;
        }
    }

    private sealed class Crc64NvmeHash : ChecksumHash
    {
        private Crc64Nvme _crc;

        public override void Append(ReadOnlySpan<byte> bytes) => _crc.Append(bytes);

        public override byte[] Finish()
        {
            byte[] value = new byte[Crc64Nvme.DigestSize];
            _crc.WriteDigest(value);
            return value;
        }
    }

    private sealed class DigestHash(HashAlgorithmName algorithm) : ChecksumHash
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(algorithm);

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

        public override byte[] Finish() => _hash.GetHashAndReset();

        protected override void Dispose(bool isDisposing)
        {
            if (isDisposing)
            {
                _hash.Dispose();
            }

            base.Dispose(isDisposing);
        }
    }
}
