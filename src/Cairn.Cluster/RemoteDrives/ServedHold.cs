using Cairn.Drives;
using Cairn.Drives.Shards;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>A hold that another node has on shards here, from its request on.</summary>
/// <remarks>Concurrency: any caller; whichever of beginning and end comes second ends the hold.</remarks>
internal sealed class ServedHold
{
    private readonly Lock _gate = new();
    private IShardHold? _hold;
    private bool _isEnded;

    /// <returns>False when it had been released before; it is ended then.</returns>
    public async ValueTask<bool> TryBeginAsync(DriveResult<IShardHold> held)
    {
        lock (_gate)
        {
            if (!_isEnded)
            {
                _hold = held.IsOk ? held.Value : null;
                return true;
            }
        }

        if (held.IsOk)
        {
            await held.Value.DisposeAsync();
        }

        return false;
    }

    public ValueTask EndAsync()
    {
        lock (_gate)
        {
            _isEnded = true;
            IShardHold? hold = _hold;
            _hold = null;
            return hold?.DisposeAsync() ?? ValueTask.CompletedTask;
        }
    }
}
