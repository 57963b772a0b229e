using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>A hold on shards of another node's drive. Ends with its disposal, or with the connection it was taken over.</summary>
internal sealed class RemoteShardHold(ShardHandle handle, HashSet<DataId> held) : IShardHold
{
    private int _isDisposed;

    public bool Holds(DataId data) => held.Contains(data);

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _isDisposed, 1) == 0
        ? handle.CloseAsync(DriveCallKind.ReleaseShards)
        : ValueTask.CompletedTask;
}
