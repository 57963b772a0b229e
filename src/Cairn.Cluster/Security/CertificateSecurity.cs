using System.Net.Security;
using System.Security.Authentication;
using Cairn.Cluster.Transport;

namespace Cairn.Cluster.Security;

/// <summary>Mutual TLS 1.3: both nodes show a certificate of the cluster's authority.</summary>
/// <remarks>The node that connects also checks that the certificate is for the host that it meant.</remarks>
internal sealed class CertificateSecurity(CertificateFolder folder) : ClusterSecurity
{
    // Not a version of ours, only a name: what else speaks TLS does not get in by accident.
    private static readonly SslApplicationProtocol Protocol = new("cairn-cluster");

    internal override async ValueTask<SecuredStream> ConnectAsync(
        Stream stream, NodeAddress address, CancellationToken cancellationToken)
    {
        NodeCertificates certificates = folder.Current;
        SslStream tls = new(stream, leaveInnerStreamOpen: false);
        string? problem = null;
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = address.Host,
            ClientCertificateContext = certificates.Own,
            CertificateChainPolicy = certificates.ChainPolicy(),
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [Protocol],
            RemoteCertificateValidationCallback = (_, _, _, errors) => (problem = Describe(errors)) is null,
        };
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            throw new TransportException(
                TransportFault.Unauthenticated, $"{address} {problem ?? "does not complete the TLS handshake: " + e.Message}", e);
        }

        return new SecuredStream(tls, null, null);
    }

    internal override async ValueTask<SecuredStream> AcceptAsync(Stream stream, CancellationToken cancellationToken)
    {
        NodeCertificates certificates = folder.Current;
        SslStream tls = new(stream, leaveInnerStreamOpen: false);
        string? problem = null;
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificateContext = certificates.Own,
            ClientCertificateRequired = true,
            CertificateChainPolicy = certificates.ChainPolicy(),
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [Protocol],
            RemoteCertificateValidationCallback = (_, _, _, errors) => (problem = Describe(errors)) is null,
        };
        try
        {
            await tls.AuthenticateAsServerAsync(options, cancellationToken);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            throw new TransportException(
                problem is null ? TransportFault.Malformed : TransportFault.Unauthenticated,
                $"who connected {problem ?? "does not complete the TLS handshake: " + e.Message}",
                e);
        }

        return new SecuredStream(tls, null, null);
    }

    /// <returns>Null when nothing is wrong.</returns>
    private static string? Describe(SslPolicyErrors errors) => errors switch
    {
        SslPolicyErrors.None => null,
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "shows no certificate",
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) =>
            "shows a certificate that ca.crt did not sign, or that is not valid now",
        _ => "shows the certificate of another host",
    };
}
