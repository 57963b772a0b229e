using System.Security.Cryptography;
using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Checksums;
using Cairn.Objects;
using Cairn.Primitives.Checksums;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Api.Bodies;

/// <summary>Method: the same bytes in one run and in many; known values for every algorithm.</summary>
public sealed class BodyDigestsTests
{
    [Fact]
    public void Runs_do_not_matter() => Prop.ForAll<byte[], byte>((bytes, run) =>
    {
        using var whole = new BodyDigests(new Md5Combiner(), bytes.Length, needsSha256: true, null, null);
        Append(whole, bytes);
        whole.Finish(bytes.Length);
        using var cut = new BodyDigests(new Md5Combiner(), bytes.Length, needsSha256: true, null, null);
        for (int start = 0; start < bytes.Length; start += run + 1)
        {
            Append(cut, bytes[start..Math.Min(start + run + 1, bytes.Length)]);
        }

        cut.Finish(bytes.Length);
        return whole.Md5.AsSpan().SequenceEqual(cut.Md5)
            && whole.Md5.AsSpan().SequenceEqual(MD5.HashData(bytes))
            && whole.Sha256.AsSpan().SequenceEqual(cut.Sha256)
            && whole.Sha256.AsSpan().SequenceEqual(SHA256.HashData(bytes))
            && whole.Kept!.Value.Span.SequenceEqual(cut.Kept!.Value.Span);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32, "cbf43926")]
    [InlineData(ChecksumAlgorithm.Crc32C, "e3069283")]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, "ae8b14860a799888")]
    [InlineData(ChecksumAlgorithm.Sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441")]
    [InlineData(ChecksumAlgorithm.Md5, "25f9e794323b453885f5181f1b624d0b")]
    [InlineData(ChecksumAlgorithm.XxHash64, "8cb841db40e6ae83")]
    public void Checksum_of_123456789_is_the_published_one(ChecksumAlgorithm algorithm, string expected)
    {
        using var digests = new BodyDigests(new Md5Combiner(), null, needsSha256: false, algorithm, ChecksumAlgorithm.Crc64Nvme);
        Append(digests, "12345"u8.ToArray());
        Append(digests, "6789"u8.ToArray());
        digests.Finish(9);
        Assert.Equal(expected, Convert.ToHexStringLower(digests.Claimed!));
        Assert.Equal(ChecksumAlgorithm.Crc64Nvme, digests.Kept!.Algorithm);
        Assert.Equal("ae8b14860a799888", Convert.ToHexStringLower(digests.Kept.Value.Span));
    }

    [Fact]
    public void Every_algorithm_has_a_kind_in_its_place() => Assert.All(
        Enum.GetValues<ChecksumAlgorithm>(),
        algorithm =>
        {
            ChecksumKind kind = ChecksumKind.Of(algorithm);
            Assert.Equal(algorithm, kind.Algorithm);
            using ChecksumHash checksum = ChecksumHash.Start(algorithm);
            Assert.Equal(kind.Size, checksum.Finish().Length);
            Assert.Same(kind, ChecksumKind.FindByName(kind.Name.ToLowerInvariant()));
            Assert.Same(kind, ChecksumKind.FindByHeader(kind.Header.ToUpperInvariant()));
        });

    [Theory]
    [InlineData("AAAAAA==", true)]
    [InlineData("AAAAAA", false)]
    [InlineData("AAAA", false)]
    [InlineData("AAAAAAAA", false)]
    [InlineData("!", false)]
    [InlineData("", false)]
    public void Value_has_the_size_of_its_algorithm(string text, bool isValid) =>
        Assert.Equal(isValid, ChecksumKind.Of(ChecksumAlgorithm.Crc32).TryParse(text, out _));

    // Alone, a stream hashes at once.
    private static void Append(BodyDigests digests, byte[] bytes) => 
        Assert.True(digests.AppendAsync(bytes).AsTask().IsCompletedSuccessfully);
}
