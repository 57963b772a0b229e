using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Versions;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Versions;

/// <remarks>Method: conditions that hold and fail, alone and in a race of which exactly one may win.</remarks>
public sealed class ConditionalWriteTests
{
    private static readonly WriteCondition MustNotExist = new(true, null);

    [Fact]
    public void Of_many_creations_at_once_exactly_one_succeeds() => StoreFixture.Run(async fixture =>
    {
        Task<ObjectResult<PutReceipt>>[] puts = [.. Enumerable.Range(0, 8).Select(writer => fixture.Store.PutAsync(
            StoreFixture.Request("k") with { Condition = MustNotExist },
            new TestBody(StoreFixture.Bytes(10, writer + 1)),
            default).AsTask())];
        ObjectResult<PutReceipt>[] results = await Task.WhenAll(puts);

        PutReceipt winner = Assert.Single(results, result => result.IsOk).Value!;
        Assert.All(
            results.Where(result => !result.IsOk),
            result => Assert.Contains(result.Error, new[] { ObjectError.PreconditionFailed, ObjectError.Conflict }));
        Assert.Equal(winner.ETag, (await fixture.DescribeAsync("k")).ETag);
        await fixture.SettleAsync();
        Assert.Equal(1, fixture.CountData());
    });

    [Fact]
    public void A_failing_condition_does_not_read_the_body() => StoreFixture.Run(async fixture =>
    {
        await fixture.PutAsync("k", "old");
        TestBody unread = new([1]) { Breaks = new InvalidOperationException("was read") };

        ObjectResult<PutReceipt> put = await fixture.Store.PutAsync(
            StoreFixture.Request("k") with { Condition = MustNotExist }, unread, default);

        Assert.Equal(ObjectError.PreconditionFailed, put.Error);
        Assert.Equal("old", await fixture.ReadTextAsync("k"));
    });

    [Fact]
    public void If_match_replaces_exactly_what_was_seen() => StoreFixture.Run(async fixture =>
    {
        PutReceipt first = await fixture.PutAsync("k", "one");
        PutReceipt second = await fixture.PutAsync("k", "two", new WriteCondition(false, [first.ETag]));
        ObjectResult<PutReceipt> stale = await fixture.Store.PutAsync(
            StoreFixture.Request("k") with { Condition = new WriteCondition(false, [first.ETag]) },
            new TestBody([3]),
            default);
        ObjectResult<PutReceipt> absent = await fixture.Store.PutAsync(
            StoreFixture.Request("other") with { Condition = new WriteCondition(false, ["*"]) },
            new TestBody([3]),
            default);

        Assert.Equal(ObjectError.PreconditionFailed, stale.Error);
        Assert.Equal(ObjectError.NoSuchKey, absent.Error);
        Assert.Equal(second.ETag, (await fixture.DescribeAsync("k")).ETag);
    });

    [Fact]
    public void A_condition_that_breaks_while_the_body_is_read_still_fails_the_put() => StoreFixture.Run(async fixture =>
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<ObjectResult<PutReceipt>> slow = fixture.Store.PutAsync(
            StoreFixture.Request("k") with { Condition = MustNotExist },
            new TestBody(StoreFixture.Bytes(10)) { WaitsFor = gate.Task },
            default).AsTask();
        await fixture.PutAsync("k", "first");
        gate.SetResult();

        Assert.Equal(ObjectError.PreconditionFailed, (await slow).Error);
        Assert.Equal("first", await fixture.ReadTextAsync("k"));
    });

    [Fact]
    public void A_conditional_delete_decides_on_the_current_version() => StoreFixture.Run(async fixture =>
    {
        PutReceipt put = await fixture.PutAsync("k");
        ObjectResult<DeleteReceipt> other = await fixture.Store.DeleteAsync(
            StoreFixture.Bucket, "k", null, new WriteCondition(false, ["0123"]), default);
        ObjectResult<DeleteReceipt> same = await fixture.Store.DeleteAsync(
            StoreFixture.Bucket,
            "k",
            null,
            new WriteCondition(false, [put.ETag]) { IfSize = 4, IfLastModified = put.LastModified },
            default);
        ObjectResult<DeleteReceipt> again = await fixture.Store.DeleteAsync(
            StoreFixture.Bucket, "k", null, new WriteCondition(false, ["*"]), default);

        Assert.Equal(ObjectError.PreconditionFailed, other.Error);
        Assert.Equal(ObjectError.None, same.Error);
        Assert.Equal(ObjectError.NoSuchKey, again.Error);
    });

    [Fact]
    public void A_delete_marker_counts_as_absent() => StoreFixture.Run(async fixture =>
    {
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        await fixture.PutAsync("k", "one");
        await fixture.DeleteAsync("k");

        await fixture.PutAsync("k", "two", MustNotExist);

        Assert.Equal("two", await fixture.ReadTextAsync("k"));
    });
}
