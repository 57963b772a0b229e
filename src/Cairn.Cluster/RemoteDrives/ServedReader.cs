using Cairn.Drives;
using Cairn.Drives.Shards;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>A shard that another node reads: closed when it wants, but not under a read that is under way.</summary>
/// <remarks>Concurrency: any caller.</remarks>
internal sealed class ServedReader
{
    private readonly Lock _gate = new();
    private IShardReader? _reader;
    private bool _isClosed;

    // Who opens is the first user.
    private int _users = 1;

    /// <summary>The opening has ended, with a reader or without.</summary>
    public ValueTask BeginAsync(DriveResult<IShardReader> opened)
    {
        _reader = opened.IsOk ? opened.Value : null;
        return ExitAsync();
    }

    public async ValueTask<DriveResult<int>> ReadAsync(long offset, Memory<byte> destination, CancellationToken token)
    {
        lock (_gate)
        {
            if (_isClosed || _reader is null)
            {
                return DriveFault.Offline;
            }

            _users++;
        }

        try
        {
            return await _reader.ReadAsync(offset, destination, token);
        }
        finally
        {
            await ExitAsync();
        }
    }

    public Task CloseAsync()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return Task.CompletedTask;
            }

            _isClosed = true;
            if (_users > 0)
            {
                return Task.CompletedTask;
            }
        }

        return _reader?.DisposeAsync().AsTask() ?? Task.CompletedTask;
    }

    private ValueTask ExitAsync()
    {
        lock (_gate)
        {
            _users--;
            if (_users > 0 || !_isClosed)
            {
                return ValueTask.CompletedTask;
            }
        }

        return _reader?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
