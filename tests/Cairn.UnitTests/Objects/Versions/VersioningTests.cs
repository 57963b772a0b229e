using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Versions;

/// <remarks>Method: sequences of puts and deletes in the three states of versioning; every version by its id.</remarks>
public sealed class VersioningTests
{
    [Fact]
    public void Versions_stand_side_by_side_and_the_youngest_is_current() => StoreFixture.Run(async fixture =>
    {
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        PutReceipt one = await fixture.PutAsync("k", "one");
        PutReceipt two = await fixture.PutAsync("k", "two");

        Assert.True(one.IsVersioned);
        Assert.NotEqual(one.Version, two.Version);
        Assert.Equal("two", await fixture.ReadTextAsync("k"));
        Assert.Equal("one", await fixture.ReadTextAsync("k", one.Version));
        Assert.Equal("two", await fixture.ReadTextAsync("k", two.Version));
        Assert.Equal("NoSuchVersion", await fixture.ReadTextAsync("k", VersionId.Null));
        Assert.Equal(one.Version, (await fixture.DescribeAsync("k", one.Version)).Version);
    });

    [Fact]
    public void A_delete_marker_hides_the_object_until_it_is_removed() => StoreFixture.Run(async fixture =>
    {
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        PutReceipt put = await fixture.PutAsync("k", "one");
        DeleteReceipt marker = await fixture.DeleteAsync("k");

        Assert.True(marker.IsDeleteMarker);
        ObjectResult<ObjectDescription> hidden = await fixture.Store.DescribeAsync(
            StoreFixture.Bucket, "k", null, default);
        Assert.Equal(ObjectError.NoSuchKey, hidden.Error);
        Assert.True(hidden.Value!.IsDeleteMarker);
        Assert.Equal(marker.Version, hidden.Value.Version);
        ObjectResult<ObjectReader> named = await fixture.Store.OpenAsync(
            StoreFixture.Bucket, "k", marker.Version, default);
        Assert.Equal(ObjectError.VersionIsDeleteMarker, named.Error);
        Assert.True(named.Value!.Description.IsDeleteMarker);
        Assert.Equal("one", await fixture.ReadTextAsync("k", put.Version));

        DeleteReceipt removed = await fixture.DeleteAsync("k", marker.Version);

        Assert.True(removed.IsDeleteMarker);
        Assert.Equal("one", await fixture.ReadTextAsync("k"));
    });

    [Fact]
    public void Removing_the_current_version_uncovers_the_one_before() => StoreFixture.Run(async fixture =>
    {
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        await fixture.PutAsync("k", "one");
        PutReceipt two = await fixture.PutAsync("k", "two");

        DeleteReceipt removed = await fixture.DeleteAsync("k", two.Version);

        Assert.False(removed.IsDeleteMarker);
        Assert.Equal("one", await fixture.ReadTextAsync("k"));
        await fixture.DeleteAsync("k", two.Version);
        await fixture.SettleAsync();
        Assert.Equal(1, fixture.CountData());
    });

    [Fact]
    public void The_object_from_before_versioning_is_the_null_version() => StoreFixture.Run(async fixture =>
    {
        await fixture.PutAsync("k", "old");
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        await fixture.PutAsync("k", "new");

        Assert.Equal("old", await fixture.ReadTextAsync("k", VersionId.Null));
        ObjectDescription old = await fixture.DescribeAsync("k", VersionId.Null);
        Assert.True(old.IsVersioned);
        Assert.Equal("null", old.Version.ToString());

        await fixture.DeleteAsync("k", VersionId.Null);
        Assert.Equal("NoSuchVersion", await fixture.ReadTextAsync("k", VersionId.Null));
        Assert.Equal("new", await fixture.ReadTextAsync("k"));
    });

    [Fact]
    public void Suspended_writes_replace_the_null_version_and_leave_the_others() => StoreFixture.Run(async fixture =>
    {
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        PutReceipt one = await fixture.PutAsync("k", "one");
        await fixture.SetVersioningAsync(BucketVersioning.Suspended);
        PutReceipt two = await fixture.PutAsync("k", "two");
        await fixture.PutAsync("k", "three");

        Assert.True(two.IsVersioned);
        Assert.True(two.Version.IsNull);
        Assert.Equal("three", await fixture.ReadTextAsync("k"));
        Assert.Equal("one", await fixture.ReadTextAsync("k", one.Version));

        DeleteReceipt marker = await fixture.DeleteAsync("k");

        Assert.True(marker.IsDeleteMarker);
        Assert.True(marker.Version.IsNull);
        Assert.Equal("NoSuchKey", await fixture.ReadTextAsync("k"));
        await fixture.SettleAsync();
        Assert.Equal(1, fixture.CountData());

        await fixture.DeleteAsync("k", VersionId.Null);
        Assert.Equal("one", await fixture.ReadTextAsync("k"));
    });

    [Fact]
    public void Tags_change_a_version_and_nothing_else_of_it() => StoreFixture.Run(async fixture =>
    {
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        PutReceipt one = await fixture.PutAsync("k", "one");
        PutReceipt two = await fixture.PutAsync("k", "two");
        KeyValuePair<string, string>[] tags = [new("a", "1")];

        ObjectResult<ObjectDescription> set = await fixture.Store.SetTagsAsync(
            StoreFixture.Bucket, "k", one.Version, tags, default);

        Assert.Equal(tags, set.Value!.Tags);
        ObjectDescription first = await fixture.DescribeAsync("k", one.Version);
        Assert.Equal(tags, first.Tags);
        Assert.Equal(one.LastModified, first.LastModified);
        Assert.Equal("one", await fixture.ReadTextAsync("k", one.Version));
        Assert.Equal(two.Version, (await fixture.DescribeAsync("k")).Version);
        Assert.Empty((await fixture.DescribeAsync("k")).Tags);

        await fixture.Store.SetTagsAsync(StoreFixture.Bucket, "k", null, tags, default);
        await fixture.Store.SetTagsAsync(StoreFixture.Bucket, "k", null, [], default);
        Assert.Empty((await fixture.DescribeAsync("k", two.Version)).Tags);
    });

    [Fact]
    public void Tags_of_the_null_version_keep_its_age() => StoreFixture.Run(async fixture =>
    {
        PutReceipt put = await fixture.PutAsync("k", "one");

        await fixture.Store.SetTagsAsync(StoreFixture.Bucket, "k", null, [new("a", "1")], default);
        await fixture.SettleAsync();

        ObjectDescription tagged = await fixture.DescribeAsync("k");
        Assert.Equal(put.LastModified, tagged.LastModified);
        Assert.Equal("one", await fixture.ReadTextAsync("k"));
        Assert.Equal(1, fixture.CountData());
    });

    [Fact]
    public void Tags_of_what_is_not_there_are_refused() => StoreFixture.Run(async fixture =>
    {
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        Assert.Equal(ObjectError.NoSuchKey, await SetAsync(fixture, null));
        await fixture.PutAsync("k");
        Assert.Equal(ObjectError.NoSuchVersion, await SetAsync(fixture, VersionId.Null));
        DeleteReceipt marker = await fixture.DeleteAsync("k");
        Assert.Equal(ObjectError.NoSuchKey, await SetAsync(fixture, null));
        Assert.Equal(ObjectError.VersionIsDeleteMarker, await SetAsync(fixture, marker.Version));
    });

    private static async Task<ObjectError> SetAsync(StoreFixture fixture, VersionId? version) =>
        (await fixture.Store.SetTagsAsync(StoreFixture.Bucket, "k", version, [new("a", "1")], default)).Error;
}
