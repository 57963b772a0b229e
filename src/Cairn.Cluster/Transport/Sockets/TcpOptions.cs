namespace Cairn.Cluster.Transport.Sockets;

/// <summary>Limits of the cluster port.</summary>
public sealed record TcpOptions
{
    /// <summary>For a connection to prove that it is a node's: slow ones must not hold their places.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections that have not proved anything yet, at once; more are closed unheard.</summary>
    public int MaxHandshakes { get; init; } = 64;

    /// <summary>Of them from one address.</summary>
    public int MaxHandshakesPerPeer { get; init; } = 16;

    /// <summary>Bytes that wait to be sent on one connection; then senders wait.</summary>
    public int MaxQueuedBytes { get; init; } = 1 << 20;

    /// <summary>Connections that the operating system keeps until they are accepted.</summary>
    public int Backlog { get; init; } = 512;
}
