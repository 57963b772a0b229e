using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Quorum;

/// <summary>Keeps shards on both drives of a position that moves.</summary>
internal sealed class JointShardHold(IShardHold left, IShardHold right) : IShardHold
{
    public bool Holds(DataId data) => left.Holds(data) || right.Holds(data);

    public async ValueTask DisposeAsync()
    {
        await left.DisposeAsync();
        await right.DisposeAsync();
    }
}
