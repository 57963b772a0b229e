using Cairn.Objects.Buckets;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.UnitTests.Objects.Buckets;

/// <remarks>Method: the one interleaving that matters, a change between a reader's read and its offer.</remarks>
public sealed class BucketCacheTests
{
    private static readonly BucketDescription Bucket = new()
    {
        Name = "bucket",
        Id = new BucketId(1),
        Created = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public void A_reader_overtaken_by_a_change_does_not_bring_the_old_settings_back()
    {
        BucketCache cache = new(TimeProvider.System, null);
        (long Changes, long Read) mark = cache.GetMark();
        cache.Forget(Bucket.Name);
        cache.Offer(Bucket, mark);

        Assert.False(cache.TryGet(Bucket.Name, out _));
    }

    [Fact]
    public void What_was_read_after_the_last_change_is_kept_until_the_next()
    {
        BucketCache cache = new(TimeProvider.System, null);
        cache.Forget(Bucket.Name);
        cache.Offer(Bucket, cache.GetMark());

        Assert.True(cache.TryGet(Bucket.Name, out BucketDescription? found));
        Assert.Same(Bucket, found);
        cache.Forget(Bucket.Name);
        Assert.False(cache.TryGet(Bucket.Name, out _));
    }

    [Fact]
    public void With_a_lease_nothing_is_given_out_longer_than_that_after_its_read_began()
    {
        World world = new(1);
        world.Run(async () =>
        {
            BucketCache cache = new(world.Root.Time, TimeSpan.FromSeconds(2));
            (long Changes, long Read) mark = cache.GetMark();
            await world.DelayAsync(TimeSpan.FromSeconds(1.5));
            cache.Offer(Bucket, mark);
            Assert.True(cache.TryGet(Bucket.Name, out _));
            await world.DelayAsync(TimeSpan.FromSeconds(0.6));
            Assert.False(cache.TryGet(Bucket.Name, out _));
        });
    }
}
