using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cairn.Primitives;

namespace Cairn.Cluster.Security;

/// <summary>Signs the certificates of a cluster's nodes.</summary>
/// <remarks>
/// ECDSA P-256: handshakes are cheap, and every TLS library knows it. The authority signs nodes only (path length 0).
/// </remarks>
public sealed class CertificateAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // Clocks of nodes may differ a little.
    private static readonly TimeSpan Backdate = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;
    private readonly IEntropy _entropy;

    private CertificateAuthority(X509Certificate2 certificate, TimeProvider time, IEntropy entropy)
    {
        _certificate = certificate;
        _time = time;
        _entropy = entropy;
    }

    /// <summary>ca.crt: for all nodes.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>ca.key: for whoever adds nodes, and for no node.</summary>
    public string KeyPem
    {
        get
        {
            using ECDsa key = _certificate.GetECDsaPrivateKey()!;
            return key.ExportPkcs8PrivateKeyPem() + "\n";
        }
    }

    /// <summary>A new one.</summary>
    public static CertificateAuthority New(TimeSpan validity, TimeProvider time, IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(time);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Cairn cluster authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = time.GetUtcNow();
        return new CertificateAuthority(request.CreateSelfSigned(now - Backdate, now + validity), time, entropy);
    }

    /// <summary>The one that made these.</summary>
    /// <exception cref="CryptographicException">Not a certificate and its key.</exception>
    public static CertificateAuthority Load(string certificatePem, string keyPem, TimeProvider time, IEntropy entropy) =>
        new(X509Certificate2.CreateFromPem(certificatePem, keyPem), time, entropy);

    /// <summary>node.crt and node.key for a node that others reach by these names and addresses.</summary>
    public (string CertificatePem, string KeyPem) IssueNode(IReadOnlyList<string> hosts, TimeSpan validity)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentOutOfRangeException.ThrowIfZero(hosts.Count);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(
            new X500DistinguishedName("CN=" + hosts[0]), key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        foreach (string host in hosts)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(ServerAuthentication), new Oid(ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset end = now + validity;
        byte[] serial = new byte[16];
        _entropy.Fill(serial);
        serial[0] &= 0x7f;
        using X509Certificate2 certificate = request.Create(
            _certificate, now - Backdate, end < _certificate.NotAfter ? end : _certificate.NotAfter, serial);
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose() => _certificate.Dispose();
}
