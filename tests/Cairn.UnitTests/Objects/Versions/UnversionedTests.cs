using System.Text;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Versions;

/// <remarks>Method: the whole store on simulated disks; what was put must come back, and nothing else.</remarks>
public sealed class UnversionedTests
{
    [Fact]
    public void What_was_put_comes_back_with_its_headers_tags_and_checksum() => StoreFixture.Run(async fixture =>
    {
        PutRequest request = StoreFixture.Request("dir/a b+ü") with
        {
            Metadata = [new("content-type", "text/plain"), new("x-amz-meta-a", "1")],
            Tags = [new("t", "v")],
            StorageClass = "REDUCED_REDUNDANCY",
        };
        byte[] bytes = StoreFixture.Bytes(1000);

        ObjectResult<PutReceipt> put = await fixture.Store.PutAsync(
            request, new TestBody(bytes, ChecksumAlgorithm.Crc64Nvme, runSize: 77), default);

        Assert.Equal(ObjectError.None, put.Error);
        Assert.Equal(StoreFixture.ETagOf(bytes), put.Value!.ETag);
        Assert.False(put.Value.IsVersioned);
        ObjectDescription description = await fixture.DescribeAsync(request.Key);
        Assert.Equal(request.Metadata, description.Metadata);
        Assert.Equal(request.Tags, description.Tags);
        Assert.Equal("REDUCED_REDUNDANCY", description.StorageClass);
        Assert.Equal(put.Value.Checksum!.Value.ToArray(), description.Checksum!.Value.ToArray());
        Assert.Equal(put.Value.LastModified, description.LastModified);
        Assert.Equal(VersionId.Null, description.Version);
        Assert.Equal(bytes, await fixture.ReadAsync(request.Key));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public void Any_size_comes_back(int size) => StoreFixture.Run(async fixture =>
    {
        byte[] bytes = StoreFixture.Bytes(size);
        await fixture.Store.PutAsync(StoreFixture.Request("k"), new TestBody(bytes), default);

        Assert.Equal(bytes, await fixture.ReadAsync("k"));
        Assert.Equal(StoreFixture.ETagOf(bytes), (await fixture.DescribeAsync("k")).ETag);
    });

    [Fact]
    public void A_later_put_replaces_the_object_and_drops_its_bytes() => StoreFixture.Run(async fixture =>
    {
        await fixture.PutAsync("k", "one");
        await fixture.PutAsync("k", "two");
        await fixture.SettleAsync();

        Assert.Equal("two", await fixture.ReadTextAsync("k"));
        Assert.Equal(1, fixture.CountData());
    });

    [Fact]
    public void A_deleted_object_is_gone_and_deleting_what_is_not_there_succeeds() => StoreFixture.Run(async fixture =>
    {
        await fixture.PutAsync("k");

        DeleteReceipt receipt = await fixture.DeleteAsync("k");
        await fixture.DeleteAsync("never");

        Assert.False(receipt.IsDeleteMarker);
        Assert.False(receipt.IsVersioned);
        Assert.Equal("NoSuchKey", await fixture.ReadTextAsync("k"));
        Assert.Equal("NoSuchVersion", await fixture.ReadTextAsync("k", VersionId.Null));
        await fixture.SettleAsync();
        Assert.Equal(0, fixture.CountData());
    });

    [Fact]
    public void A_body_that_breaks_off_leaves_the_old_object_and_no_bytes() => StoreFixture.Run(async fixture =>
    {
        await fixture.PutAsync("k", "old");
        InvalidOperationException breaks = new("gone");

        TestBody body = new(StoreFixture.Bytes(500_000)) { Breaks = breaks };
        Task put = fixture.Store.PutAsync(StoreFixture.Request("k"), body, default).AsTask();
        InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => put);

        Assert.Same(breaks, thrown);
        Assert.Equal("old", await fixture.ReadTextAsync("k"));
        await fixture.SettleAsync();
        Assert.Equal(1, fixture.CountData());
    });

    [Fact]
    public void Everything_is_there_after_a_restart() => StoreFixture.Run(async fixture =>
    {
        await fixture.PutAsync("a", "one");
        await fixture.PutAsync("a/b", "two");

        await fixture.ReopenAsync();

        Assert.Equal("one", await fixture.ReadTextAsync("a"));
        Assert.Equal("two", await fixture.ReadTextAsync("a/b"));
    });

    [Fact]
    public void Keys_of_1024_bytes_and_of_one_segment_work() => StoreFixture.Run(async fixture =>
    {
        string key = string.Concat(Enumerable.Repeat("ü", 512));
        await fixture.PutAsync(key, "long");

        Assert.Equal(1024, Encoding.UTF8.GetByteCount(key));
        Assert.Equal("long", await fixture.ReadTextAsync(key));
    });

    [Fact]
    public void Without_a_bucket_nothing_is_found_or_put() => StoreFixture.Run(async fixture =>
    {
        PutRequest request = StoreFixture.Request("k") with { Bucket = "other" };

        Assert.Equal(ObjectError.NoSuchBucket, (await fixture.Store.PutAsync(request, new TestBody([]), default)).Error);
        Assert.Equal(ObjectError.NoSuchBucket, (await fixture.Store.DescribeAsync("other", "k", null, default)).Error);
        Assert.Equal(ObjectError.NoSuchBucket, (await fixture.Store.DeleteAsync("other", "k", null, null, default)).Error);
    });

    [Fact]
    public void An_unknown_storage_class_is_refused() => StoreFixture.Run(async fixture =>
    {
        PutRequest request = StoreFixture.Request("k") with { StorageClass = "GLACIER" };

        Assert.Equal(
            ObjectError.InvalidStorageClass,
            (await fixture.Store.PutAsync(request, new TestBody([1]), default)).Error);
    });
}
