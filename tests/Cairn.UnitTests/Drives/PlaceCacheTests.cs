using Cairn.Drives.Index;
using Cairn.Drives.Index.Packs;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Drives;

public sealed class PlaceCacheTests
{
    private static readonly PackPlace Place = new(Pack: 1, Offset: 2, Length: 3);

    private readonly PlaceCache _cache = new();
    private readonly byte[] _key = new byte[DataId.Size];

    public PlaceCacheTests() => new DataId(1, ulong.MaxValue).Write(_key);

    [Fact]
    public void What_a_row_said_is_found_again()
    {
        _cache.Offer(_key, Place, _cache.StampOf(_key));
        Assert.True(_cache.TryFind(_key, out PackPlace found));
        Assert.Equal(Place, found);
    }

    [Fact]
    public void After_a_change_was_stored_the_place_of_before_is_gone()
    {
        _cache.Offer(_key, Place, _cache.StampOf(_key));
        _cache.Forget([new IndexChange(IndexFamily.Shards, _key, default, true)]);
        Assert.False(_cache.TryFind(_key, out _));
    }

    [Fact]
    public void What_was_read_before_a_change_was_stored_is_not_taken_after_it()
    {
        int stamp = _cache.StampOf(_key);
        _cache.Forget([new IndexChange(IndexFamily.Shards, _key, default, true)]);
        _cache.Offer(_key, Place, stamp);
        Assert.False(_cache.TryFind(_key, out _));
    }
}
