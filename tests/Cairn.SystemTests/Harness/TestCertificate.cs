using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cairn.SystemTests.Harness;

/// <summary>A certificate for 127.0.0.1 that signs itself, in the two files a server reads.</summary>
internal sealed class TestCertificate
{
    private readonly string _thumbprint;

    /// <param name="folder">Where public.crt and private.key are written.</param>
    public TestCertificate(string folder)
    {
        FolderPath = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        // Clients take it as their own root, which has to be allowed to sign.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using X509Certificate2 certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        _thumbprint = certificate.Thumbprint;
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "private.key"), key.ExportPkcs8PrivateKeyPem());
    }

    public string FolderPath { get; }

    /// <summary>What a client is told to trust.</summary>
    public string CertificatePath => Path.Combine(FolderPath, "public.crt");

    public bool Matches(X509Certificate? shown) =>
        shown is X509Certificate2 certificate && certificate.Thumbprint == _thumbprint;
}
