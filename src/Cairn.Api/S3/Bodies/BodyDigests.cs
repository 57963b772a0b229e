using System.Security.Cryptography;
using Cairn.Objects;
using Cairn.Primitives.Checksums;

namespace Cairn.Api.S3.Bodies;

/// <summary>All digests that a body needs, over one pass of its bytes.</summary>
/// <remarks>
/// A body that arrives in one run, as small ones do, has its SHA-256 from the one-shot function: setting up a streaming
/// hash costs as much as hashing some KiB. Its MD5 shares the lanes of one core with those of other requests.
/// Concurrency: one caller at a time.
/// </remarks>
internal sealed class BodyDigests : IDisposable
{
    private readonly Md5Combiner _combiner;
    private readonly long? _length;
    private readonly ChecksumHash? _claimed;
    private readonly ChecksumHash? _kept;
    private readonly bool _needsSha256;
    private Md5Stream? _md5;
    private IncrementalHash? _sha256;

    /// <param name="combiner">Hashes bodies together that come in at the same time.</param>
    /// <param name="length">Announced size of the payload, or null.</param>
    /// <param name="needsSha256">The signature covers the payload's SHA-256.</param>
    /// <param name="claimed">What the client announces; null: nothing.</param>
    /// <param name="kept">What is stored, if it is not what the client announces; null: that, or CRC64NVME.</param>
    public BodyDigests(
        Md5Combiner combiner,
        long? length,
        bool needsSha256,
        ChecksumAlgorithm? claimed,
        ChecksumAlgorithm? kept)
    {
        _combiner = combiner;
        _length = length;
        if (length > 0)
        {
            // Opened before the bytes are there: whoever waits for its body is company for whoever has it.
            _md5 = combiner.OpenStream();
        }

        _needsSha256 = needsSha256;
        _claimed = claimed is { } algorithm ? ChecksumHash.Start(algorithm) : null;
        ChecksumAlgorithm keptAlgorithm = kept ?? claimed ?? ChecksumAlgorithm.Crc64Nvme;
        _kept = keptAlgorithm == claimed ? _claimed : ChecksumHash.Start(keptAlgorithm);
    }

    public byte[] Md5 { get; } = new byte[MD5.HashSizeInBytes];

    /// <summary>Only when it was asked for.</summary>
    public byte[] Sha256 { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>Null when the client announced none.</summary>
    public byte[]? Claimed { get; private set; }

    public ObjectChecksum? Kept { get; private set; }

    /// <summary>Takes the next run of bytes.</summary>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        _claimed?.Append(bytes.Span);
        if (_kept != _claimed)
        {
            _kept?.Append(bytes.Span);
        }

        if (bytes.Length == _length)
        {
            if (_needsSha256)
            {
                SHA256.HashData(bytes.Span, Sha256);
            }

            return _md5!.AppendAsync(bytes);
        }

        if (_needsSha256)
        {
            _sha256 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _sha256.AppendData(bytes.Span);
        }

        _md5 ??= _combiner.OpenStream();
        return _md5.AppendAsync(bytes);
    }

    /// <summary>Ends all digests.</summary>
    public void Finish(long total)
    {
        if (total == 0)
        {
            HashNothing();
        }

        _md5?.WriteDigest(Md5);
        _sha256?.GetHashAndReset(Sha256);
        Claimed = _claimed?.Finish();
        if (_kept is not null)
        {
            byte[] value = _kept == _claimed ? Claimed! : _kept.Finish();
            Kept = new ObjectChecksum(_kept.Algorithm, ChecksumType.FullObject, value);
        }
    }

    public void Dispose()
    {
        _md5?.Dispose();
        _sha256?.Dispose();
        _claimed?.Dispose();
        _kept?.Dispose();
    }

    private void HashNothing()
    {
#pragma warning disable CA5351 // S3's ETag is an MD5; nothing is trusted because of it.
        MD5.HashData([], Md5);
#pragma warning restore CA5351
        if (_needsSha256)
        {
            SHA256.HashData([], Sha256);
        }
    }
}
