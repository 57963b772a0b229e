namespace Cairn.Objects.Quorum;

/// <summary>The time during which this node has served clients, so that work in the background can leave them their share.</summary>
/// <remarks>
/// It counts while at least one request is under way, however many there are. Not known: what other nodes serve.
/// Concurrency: any caller.
/// </remarks>
public sealed class ClientTime(TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _underWay;
    private long _since;
    private TimeSpan _past;

    /// <summary>Since the store was opened, up to now. Never decreases.</summary>
    public TimeSpan Served
    {
        get
        {
            lock (_gate)
            {
                return _underWay == 0 ? _past : _past + time.GetElapsedTime(_since);
            }
        }
    }

    /// <summary>A client is served until the use is disposed.</summary>
    public Use Enter()
    {
        lock (_gate)
        {
            if (_underWay++ == 0)
            {
                _since = time.GetTimestamp();
            }
        }

        return new Use(this);
    }

    private void Exit()
    {
        lock (_gate)
        {
            if (--_underWay == 0)
            {
                _past += time.GetElapsedTime(_since);
            }
        }
    }

    /// <summary>One request.</summary>
    public readonly struct Use(ClientTime clients) : IDisposable
    {
        /// <summary>The request is over; to be called once.</summary>
        public void Dispose() => clients.Exit();
    }
}
