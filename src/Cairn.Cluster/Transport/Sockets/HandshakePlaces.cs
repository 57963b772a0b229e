using System.Net;

namespace Cairn.Cluster.Transport.Sockets;

/// <summary>Places for connections that have not proved anything yet: few, and fewer for one address.</summary>
/// <remarks>Concurrency: any caller.</remarks>
internal sealed class HandshakePlaces(int max, int maxPerPeer)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _taken = [];
    private int _count;

    public bool TryTake(IPAddress peer)
    {
        lock (_gate)
        {
            int own = _taken.GetValueOrDefault(peer);
            if (_count >= max || own >= maxPerPeer)
            {
                return false;
            }

            _count++;
            _taken[peer] = own + 1;
            return true;
        }
    }

    public void Leave(IPAddress peer)
    {
        lock (_gate)
        {
            _count--;
            if (--_taken[peer] == 0)
            {
                _taken.Remove(peer);
            }
        }
    }
}
