using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>A hold on shards of a drive of another node.</summary>
/// <remarks>Bound to the connection that began it: when that ends, the hold is lost, as with a drive that goes away.</remarks>
internal sealed class RemoteShardHold(ShardHandle handle, IReadOnlySet<DataId> held) : IShardHold
{
    private int _isDisposed;

    public bool Holds(DataId data) => held.Contains(data);

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            handle.Close(DriveCallKind.ReleaseShards);
        }

        return ValueTask.CompletedTask;
    }
}
