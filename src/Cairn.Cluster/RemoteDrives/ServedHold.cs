using Cairn.Drives;
using Cairn.Drives.Shards;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>A hold of another node: it may be let go while the drive is still taking it.</summary>
/// <remarks>Concurrency: any caller.</remarks>
internal sealed class ServedHold
{
    private readonly Lock _gate = new();
    private IShardHold? _hold;
    private bool _isClosed;

    /// <summary>The drive has answered.</summary>
    public ValueTask BeginAsync(DriveResult<IShardHold> taken)
    {
        if (!taken.IsOk)
        {
            return ValueTask.CompletedTask;
        }

        lock (_gate)
        {
            if (!_isClosed)
            {
                _hold = taken.Value;
                return ValueTask.CompletedTask;
            }
        }

        return taken.Value.DisposeAsync();
    }

    public ValueTask CloseAsync()
    {
        IShardHold? hold;
        lock (_gate)
        {
            _isClosed = true;
            hold = _hold;
            _hold = null;
        }

        return hold?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
