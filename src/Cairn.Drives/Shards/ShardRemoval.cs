using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>Keeps everybody from making a file of a shard's name until it is disposed.</summary>
internal sealed class ShardRemoval(ShardFiles files, DataId data) : IDisposable
{
    public void Dispose() => files.EndRemoval(data);
}
