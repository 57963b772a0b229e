namespace Cairn.Cluster.Transport;

/// <summary>Something that a node does for other nodes.</summary>
public interface INodeService
{
    /// <summary>Its number on the wire: see <see cref="ServiceNumbers"/>.</summary>
    byte Number { get; }

    /// <summary>Begins to serve a session; what it holds for the session ends with it.</summary>
    IServiceSession Open(IServicePeer peer);
}
