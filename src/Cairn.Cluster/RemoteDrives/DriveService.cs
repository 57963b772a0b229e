using Cairn.Cluster.Transport;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>Serves the drives of this node to other nodes.</summary>
public sealed class DriveService(ServedDrives drives, TimeProvider time) : INodeService
{
    public byte Number => ServiceNumbers.Drives;

    public IServiceSession Open(IServicePeer peer) => new DriveSession(drives, peer, time);
}
