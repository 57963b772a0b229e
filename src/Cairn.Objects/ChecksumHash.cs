using System.Security.Cryptography;
using Cairn.Primitives.Checksums;

namespace Cairn.Objects;

/// <summary>Computes one of S3's checksums over bytes that come in runs.</summary>
/// <remarks>One stream, one instance; not safe for concurrent use. Finish ends it.</remarks>
public abstract class ChecksumHash : IDisposable
{
    public ChecksumAlgorithm Algorithm { get; private init; }

    /// <summary>For an algorithm that the caller knows to be computed here.</summary>
    public static ChecksumHash Start(ChecksumAlgorithm algorithm) =>
        TryStart(algorithm) ?? throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null);

    /// <returns>Null for an algorithm that this release can keep but not compute.</returns>
    public static ChecksumHash? TryStart(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 => new Crc32Hash { Algorithm = algorithm },
        ChecksumAlgorithm.Crc32C => new Crc32CHash { Algorithm = algorithm },
        ChecksumAlgorithm.Crc64Nvme => new Crc64NvmeHash { Algorithm = algorithm },
        ChecksumAlgorithm.Sha1 => new CryptographicHash(HashAlgorithmName.SHA1) { Algorithm = algorithm },
        ChecksumAlgorithm.Sha256 => new CryptographicHash(HashAlgorithmName.SHA256) { Algorithm = algorithm },
        ChecksumAlgorithm.Sha512 => new CryptographicHash(HashAlgorithmName.SHA512) { Algorithm = algorithm },
        ChecksumAlgorithm.Md5 => new CryptographicHash(HashAlgorithmName.MD5) { Algorithm = algorithm },
        ChecksumAlgorithm.XxHash64 => new XxHash64Hash { Algorithm = algorithm },
        ChecksumAlgorithm.XxHash3 => new XxHash3Hash { Algorithm = algorithm },
        ChecksumAlgorithm.XxHash128 => new XxHash128Hash { Algorithm = algorithm },
        _ => null,
    };

    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>The checksum, big endian as S3 sends it.</summary>
    public byte[] Finish()
    {
        byte[] value = new byte[DigestSize];
        WriteDigest(value);
        return value;
    }

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Bytes of the checksum.</summary>
    protected abstract int DigestSize { get; }

    protected abstract void WriteDigest(Span<byte> target);

    protected virtual void Dispose(bool isDisposing)
    {
    }

    private sealed class Crc32Hash : ChecksumHash
    {
        private Crc32 _crc;

        protected override int DigestSize => Crc32.DigestSize;

        public override void Append(ReadOnlySpan<byte> bytes) => _crc.Append(bytes);

        protected override void WriteDigest(Span<byte> target) => _crc.WriteDigest(target);
    }

    private sealed class Crc32CHash : ChecksumHash
    {
        private Crc32C _crc;

        protected override int DigestSize => Crc32C.DigestSize;

        public override void Append(ReadOnlySpan<byte> bytes) => _crc.Append(bytes);

        protected override void WriteDigest(Span<byte> target) => _crc.WriteDigest(target);
    }

    private sealed class Crc64NvmeHash : ChecksumHash
    {
        private Crc64Nvme _crc;

        protected override int DigestSize => Crc64Nvme.DigestSize;

        public override void Append(ReadOnlySpan<byte> bytes) => _crc.Append(bytes);

        protected override void WriteDigest(Span<byte> target) => _crc.WriteDigest(target);
    }

    private sealed class XxHash64Hash : ChecksumHash
    {
        private readonly XxHash64 _hash = new();

        protected override int DigestSize => XxHash64.DigestSize;

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

        protected override void WriteDigest(Span<byte> target) => _hash.WriteDigest(target);
    }

    private sealed class XxHash3Hash : ChecksumHash
    {
        private readonly XxHash3 _hash = new();

        protected override int DigestSize => XxHash3.DigestSize;

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

        protected override void WriteDigest(Span<byte> target) => _hash.WriteDigest(target);
    }

    private sealed class XxHash128Hash : ChecksumHash
    {
        private readonly XxHash128 _hash = new();

        protected override int DigestSize => XxHash128.DigestSize;

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

        protected override void WriteDigest(Span<byte> target) => _hash.WriteDigest(target);
    }

    private sealed class CryptographicHash(HashAlgorithmName algorithm) : ChecksumHash
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(algorithm);

        protected override int DigestSize => _hash.HashLengthInBytes;

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

        protected override void WriteDigest(Span<byte> target) => _hash.GetHashAndReset(target);

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
