using System.Security.Cryptography;
using Cairn.Objects;
using Cairn.Objects.Multipart;
using Cairn.Objects.Records;
using Cairn.UnitTests.Objects.Records;
using Xunit;

namespace Cairn.UnitTests.Objects.Multipart;

/// <remarks>
/// Method: bytes cut into parts of uneven size; the combined checksum must be the one of the whole, or for COMPOSITE the
/// checksum of the parts' checksums, both computed here in the plain way.
/// </remarks>
public sealed class PartChecksumsTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];
    private static readonly int[] Cuts = [0, 1, 400, 400, 999, 1000];

    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32)]
    [InlineData(ChecksumAlgorithm.Crc32C)]
    [InlineData(ChecksumAlgorithm.Crc64Nvme)]
    public void Full_object_checksum_is_the_one_of_the_whole(ChecksumAlgorithm algorithm)
    {
        UploadRecord upload = new() { Checksum = algorithm, ChecksumType = ChecksumType.FullObject };

        ObjectChecksum? combined = PartChecksums.Combine(upload, Parts(algorithm));

        Assert.Equal(ChecksumType.FullObject, combined!.Type);
        Assert.Equal(Compute(algorithm, Bytes), combined.Value.ToArray());
    }

    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32)]
    [InlineData(ChecksumAlgorithm.Sha1)]
    [InlineData(ChecksumAlgorithm.Sha256)]
    public void Composite_checksum_is_the_one_of_the_checksums(ChecksumAlgorithm algorithm)
    {
        UploadRecord upload = new() { Checksum = algorithm };
        HeldPart[] parts = Parts(algorithm);

        ObjectChecksum? combined = PartChecksums.Combine(upload, parts);

        byte[] all = [.. parts.SelectMany(part => part.Record.Checksum!.Value.ToArray())];
        Assert.Equal(ChecksumType.Composite, combined!.Type);
        Assert.Equal(Compute(algorithm, all), combined.Value.ToArray());
    }

    [Fact]
    public void Parts_with_the_stores_own_checksum_make_a_full_object_checksum_unasked()
    {
        ObjectChecksum? combined = PartChecksums.Combine(new UploadRecord(), Parts(ChecksumAlgorithm.Crc64Nvme));

        Assert.Equal(ChecksumType.FullObject, combined!.Type);
        Assert.Equal(Compute(ChecksumAlgorithm.Crc64Nvme, Bytes), combined.Value.ToArray());
    }

    [Fact]
    public void One_part_without_a_checksum_leaves_the_object_without()
    {
        HeldPart[] parts = Parts(ChecksumAlgorithm.Crc32);
        parts[2] = parts[2] with { Record = parts[2].Record with { Checksum = null } };

        Assert.Null(PartChecksums.Combine(new UploadRecord { Checksum = ChecksumAlgorithm.Crc32 }, parts));
    }

    [Fact]
    public void A_known_digest_is_known_here_too()
    {
        using ChecksumHash hash = ChecksumHash.TryStart(ChecksumAlgorithm.Sha256)!;
        hash.Append(Bytes);
        Assert.Equal(SHA256.HashData(Bytes), hash.Finish());
    }

    private static HeldPart[] Parts(ChecksumAlgorithm algorithm)
    {
        HeldPart[] parts = new HeldPart[Cuts.Length - 1];
        for (int i = 0; i < parts.Length; i++)
        {
            byte[] bytes = Bytes[Cuts[i]..Cuts[i + 1]];
            ObjectChecksum checksum = new(algorithm, ChecksumType.FullObject, Compute(algorithm, bytes));
            PartRecord record = new(
                default, RecordSamples.Piece((ulong)i, bytes.Length, 2, 2), checksum);
            parts[i] = new HeldPart(i + 1, RecordSamples.Start, record);
        }

        return parts;
    }

    private static byte[] Compute(ChecksumAlgorithm algorithm, byte[] bytes)
    {
        using ChecksumHash hash = ChecksumHash.TryStart(algorithm)!;
        hash.Append(bytes);
        return hash.Finish();
    }
}
