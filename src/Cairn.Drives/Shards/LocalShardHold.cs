using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>One reader's hold on shards of a local drive.</summary>
internal sealed class LocalShardHold(ShardFiles files, HashSet<DataId> held) : IShardHold
{
    private int _isDisposed;

    public bool Holds(DataId data) => held.Contains(data);

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            foreach (DataId data in held)
            {
                files.Release(data);
            }
        }

        return ValueTask.CompletedTask;
    }
}
