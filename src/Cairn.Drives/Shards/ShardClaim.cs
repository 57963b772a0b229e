using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>The right to the file of a shard that no row names yet. Given with the file, lost when it is removed.</summary>
/// <remarks>Purpose: a writer that comes late tells by it whether the file of that name is still its own.</remarks>
internal sealed class ShardClaim(DataId data)
{
    private long _length = -1;

    public DataId Data => data;

    /// <summary>All bytes are durable, and an accept may name the shard.</summary>
    public bool IsSealed => _length >= 0;

    /// <summary>Of the sealed shard, in bytes.</summary>
    public long Length => Math.Max(_length, 0);

    /// <returns>True.</returns>
    public bool Seal(long length)
    {
        _length = length;
        return true;
    }
}
