namespace Cairn.Cluster.Transport;

/// <summary>The node at the other end of a served session.</summary>
public interface IServicePeer
{
    NodeIdentity Identity { get; }

    LinkLane Lane { get; }

    /// <summary>The version of messages to speak with it.</summary>
    byte Version { get; }

    /// <summary>Sends a one-way message back, made by <see cref="Frame.To"/>, if there is room. Takes it over.</summary>
    bool TryPost(Frame message);
}
