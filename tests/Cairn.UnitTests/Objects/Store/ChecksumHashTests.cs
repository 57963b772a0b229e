using Cairn.Objects;
using Xunit;

namespace Cairn.UnitTests.Objects.Store;

/// <remarks>Method: every algorithm over bytes in one run and in uneven runs; sizes are those of S3's headers.</remarks>
public sealed class ChecksumHashTests
{
    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32, 4)]
    [InlineData(ChecksumAlgorithm.Crc32C, 4)]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, 8)]
    [InlineData(ChecksumAlgorithm.Sha1, 20)]
    [InlineData(ChecksumAlgorithm.Sha256, 32)]
    [InlineData(ChecksumAlgorithm.Sha512, 64)]
    [InlineData(ChecksumAlgorithm.Md5, 16)]
    [InlineData(ChecksumAlgorithm.XxHash64, 8)]
    [InlineData(ChecksumAlgorithm.XxHash3, 8)]
    [InlineData(ChecksumAlgorithm.XxHash128, 16)]
    public void Runs_do_not_matter_and_the_size_is_right(ChecksumAlgorithm algorithm, int size)
    {
        byte[] bytes = StoreFixture.Bytes(5000);
        using ChecksumHash whole = ChecksumHash.TryStart(algorithm)!;
        whole.Append(bytes);
        using ChecksumHash cut = ChecksumHash.TryStart(algorithm)!;
        cut.Append(bytes.AsSpan(0, 1));
        cut.Append([]);
        cut.Append(bytes.AsSpan(1, 3000));
        cut.Append(bytes.AsSpan(3001));

        byte[] value = whole.Finish();

        Assert.Equal(size, value.Length);
        Assert.Equal(value, cut.Finish());
    }

    [Fact]
    public void An_unknown_algorithm_is_not_computed() => Assert.Null(ChecksumHash.TryStart((ChecksumAlgorithm)200));
}
