using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Versions;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Versions;

/// <remarks>Method: copies to other keys and onto themselves; what the directives keep, and whether bytes moved.</remarks>
public sealed class CopyTests
{
    private static readonly KeyValuePair<string, string>[] OldTags = [new("t", "old")];
    private static readonly KeyValuePair<string, string>[] NewTags = [new("t", "new")];

    [Theory]
    [InlineData(100)]
    [InlineData(700_000)]
    public void A_copy_has_the_bytes_and_by_default_the_metadata_of_its_source(int size) => StoreFixture.Run(
        async fixture =>
        {
            byte[] bytes = StoreFixture.Bytes(size);
            await PutSourceAsync(fixture, bytes, ChecksumAlgorithm.Crc32);

            ObjectResult<PutReceipt> copy = await fixture.Store.CopyAsync(Request("target"), default);

            Assert.Equal(ObjectError.None, copy.Error);
            Assert.Equal(StoreFixture.ETagOf(bytes), copy.Value!.ETag);
            Assert.Equal(bytes, await fixture.ReadAsync("target"));
            ObjectDescription target = await fixture.DescribeAsync("target");
            Assert.Equal(OldTags, target.Tags);
            Assert.Equal("old", Assert.Single(target.Metadata).Value);
            Assert.Equal(ChecksumAlgorithm.Crc32, target.Checksum!.Algorithm);
            await fixture.DeleteAsync("source");
            await fixture.SettleAsync();
            Assert.Equal(bytes, await fixture.ReadAsync("target"));
        });

    [Fact]
    public void Directives_and_checksum_are_independent() => StoreFixture.Run(async fixture =>
    {
        await PutSourceAsync(fixture, StoreFixture.Bytes(10), null);
        CopyRequest request = Request("target") with { ReplaceTags = true, Checksum = ChecksumAlgorithm.Sha256 };

        await fixture.Store.CopyAsync(request, default);

        ObjectDescription target = await fixture.DescribeAsync("target");
        Assert.Equal(NewTags, target.Tags);
        Assert.Equal("old", Assert.Single(target.Metadata).Value);
        Assert.Equal(ChecksumAlgorithm.Sha256, target.Checksum!.Algorithm);
    });

    [Fact]
    public void A_self_copy_replaces_metadata_over_the_same_bytes() => StoreFixture.Run(async fixture =>
    {
        byte[] bytes = StoreFixture.Bytes(10);
        await PutSourceAsync(fixture, bytes, null);
        ObjectDescription before = await fixture.DescribeAsync("source");
        await fixture.SettleAsync();

        ObjectResult<PutReceipt> copy = await fixture.Store.CopyAsync(
            Request("source") with { ReplaceMetadata = true }, default);

        Assert.Equal(ObjectError.None, copy.Error);
        ObjectDescription after = await fixture.DescribeAsync("source");
        Assert.Equal("new", Assert.Single(after.Metadata).Value);
        Assert.Equal(OldTags, after.Tags);
        Assert.True(after.LastModified > before.LastModified);
        Assert.Equal(bytes, await fixture.ReadAsync("source"));
        await fixture.SettleAsync();
        Assert.Equal(bytes, await fixture.ReadAsync("source"));
        Assert.Equal(1, fixture.CountData());
    });

    [Fact]
    public void A_self_copy_in_a_versioned_bucket_is_a_version_of_its_own() => StoreFixture.Run(async fixture =>
    {
        byte[] bytes = StoreFixture.Bytes(10);
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        PutReceipt source = await PutSourceAsync(fixture, bytes, null);

        ObjectResult<PutReceipt> copy = await fixture.Store.CopyAsync(
            Request("source") with { ReplaceMetadata = true, SourceVersion = source.Version }, default);
        await fixture.DeleteAsync("source", source.Version);
        await fixture.SettleAsync();

        Assert.NotEqual(source.Version, copy.Value!.Version);
        Assert.Equal(bytes, await fixture.ReadAsync("source"));
    });

    [Fact]
    public void A_source_that_is_not_what_the_caller_saw_is_a_conflict() => StoreFixture.Run(async fixture =>
    {
        await PutSourceAsync(fixture, StoreFixture.Bytes(10), null);

        CopyRequest stale = Request("target") with { ExpectedSourceETag = "0123" };

        Assert.Equal(ObjectError.Conflict, (await fixture.Store.CopyAsync(stale, default)).Error);
        Assert.Equal(ObjectError.NoSuchKey, (await fixture.Store.DescribeAsync(StoreFixture.Bucket, "target", null, default)).Error);
    });

    [Fact]
    public void The_destinations_condition_holds_for_both_kinds_of_copy() => StoreFixture.Run(async fixture =>
    {
        await PutSourceAsync(fixture, StoreFixture.Bytes(10), null);
        await fixture.PutAsync("target");
        WriteCondition mustNotExist = new(true, null);

        foreach (string key in new[] { "target", "source" })
        {
            CopyRequest request = Request(key);
            request = request with { Destination = request.Destination with { Condition = mustNotExist } };
            Assert.Equal(ObjectError.PreconditionFailed, (await fixture.Store.CopyAsync(request, default)).Error);
        }
    });

    [Fact]
    public void What_is_not_there_cannot_be_copied() => StoreFixture.Run(async fixture =>
    {
        Assert.Equal(ObjectError.NoSuchKey, (await fixture.Store.CopyAsync(Request("target"), default)).Error);
        Assert.Equal(
            ObjectError.NoSuchBucket,
            (await fixture.Store.CopyAsync(Request("target") with { SourceBucket = "other" }, default)).Error);
    });

    private static async Task<PutReceipt> PutSourceAsync(
        StoreFixture fixture, byte[] bytes, ChecksumAlgorithm? checksum)
    {
        PutRequest request = StoreFixture.Request("source") with
        {
            Metadata = [new("x-amz-meta-a", "old")],
            Tags = OldTags,
        };
        return (await fixture.Store.PutAsync(request, new TestBody(bytes, checksum), default)).Value!;
    }

    private static CopyRequest Request(string target) => new()
    {
        SourceBucket = StoreFixture.Bucket,
        SourceKey = "source",
        Destination = StoreFixture.Request(target) with { Metadata = [new("x-amz-meta-a", "new")], Tags = NewTags },
    };
}
