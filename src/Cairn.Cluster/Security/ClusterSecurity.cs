using Cairn.Cluster.Transport;
using Microsoft.Extensions.Logging;

namespace Cairn.Cluster.Security;

/// <summary>How nodes prove to each other that they belong to one cluster, and how what they say is protected.</summary>
/// <remarks>There is no third way: a connection between nodes without proof cannot be made.</remarks>
public abstract class ClusterSecurity
{
    private protected ClusterSecurity()
    {
    }

    /// <summary>Nodes know one secret, never sent; each connection has keys of its own from it.</summary>
    /// <exception cref="ArgumentException">Too short to withstand guessing.</exception>
    public static ClusterSecurity WithSecret(string secret) => new SecretSecurity(ClusterSecret.Parse(secret));

    /// <summary>Mutual TLS: ca.crt, node.crt and node.key (PEM) in a folder, read again when they change.</summary>
    /// <exception cref="CertificateException">Missing, unreadable, or the key is not that of the certificate.</exception>
    public static ClusterSecurity WithCertificates(string folder, TimeProvider time, ILogger logger) =>
        new CertificateSecurity(CertificateFolder.Open(folder, time, logger));

    /// <summary>What the settings ask for: certificates before a secret.</summary>
    /// <exception cref="ArgumentException">Neither is set: nodes on several hosts do not start without.</exception>
    public static ClusterSecurity From(string? secret, string? certificateFolder, TimeProvider time, ILogger logger) =>
        !string.IsNullOrEmpty(certificateFolder) ? WithCertificates(certificateFolder, time, logger)
        : !string.IsNullOrEmpty(secret) ? WithSecret(secret)
        : throw new ArgumentException(
            "Nodes do not talk to each other without proof. Set a cluster secret (the same on all nodes), or a folder with "
            + "ca.crt, node.crt and node.key.");

    /// <summary>Proves and checks, from the side that connected. The stream stays the caller's when it fails.</summary>
    /// <exception cref="TransportException">The other end is not what it should be.</exception>
    internal abstract ValueTask<SecuredStream> ConnectAsync(
        Stream stream, NodeAddress address, CancellationToken cancellationToken);

    /// <summary>The same from the side that was connected to.</summary>
    /// <exception cref="TransportException">Not a node of this cluster.</exception>
    internal abstract ValueTask<SecuredStream> AcceptAsync(Stream stream, CancellationToken cancellationToken);
}
