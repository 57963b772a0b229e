using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>Keeps shards on a drive for a reader, also when the last entry that names them goes. Ends with its disposal.</summary>
/// <remarks>Lost when the drive is closed or goes away. A shard that is dropped to be repaired goes all the same.</remarks>
public interface IShardHold : IAsyncDisposable
{
    /// <summary>The shard was on the drive and is kept.</summary>
    bool Holds(DataId data);
}
