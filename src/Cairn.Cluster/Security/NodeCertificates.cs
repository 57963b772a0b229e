using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Cairn.Cluster.Security;

/// <summary>What a node proves itself with, and whom it believes.</summary>
/// <param name="Own">Certificate with its key, and those between it and the authority.</param>
/// <param name="Authorities">Those that sign the nodes of this cluster; no others are believed.</param>
/// <param name="NotAfter">End of the own certificate.</param>
internal sealed record NodeCertificates(
    SslStreamCertificateContext Own, X509Certificate2Collection Authorities, DateTimeOffset NotAfter)
{
    /// <summary>How the other node's chain is checked. A new one for each connection: it keeps state.</summary>
    public X509ChainPolicy ChainPolicy()
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,

            // A cluster's own authority publishes no list of what it takes back; certificates are short-lived instead.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(Authorities);
        return policy;
    }
}
