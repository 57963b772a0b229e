namespace Cairn.Cluster.Transport;

/// <summary>Why there is no connection.</summary>
public enum TransportFault
{
    /// <summary>No answer, or nobody listens.</summary>
    Unreachable,

    /// <summary>One of the two did not prove that it belongs to the cluster.</summary>
    Unauthenticated,

    /// <summary>The two releases have no version of the protocol in common.</summary>
    Incompatible,

    /// <summary>Bytes that no node sends: cut, altered, replayed, too long, or another protocol.</summary>
    Malformed,

    /// <summary>The handshake took too long.</summary>
    Slow,

    /// <summary>The other node does not want this connection (any more).</summary>
    Refused,
}
