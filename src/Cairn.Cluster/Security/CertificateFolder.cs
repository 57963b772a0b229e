using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cairn.Cluster.Transport;
using Microsoft.Extensions.Logging;

namespace Cairn.Cluster.Security;

/// <summary>A folder with ca.crt, node.crt and node.key; looked at before a handshake, read again when it has changed.</summary>
/// <remarks>
/// Failure: while files are being replaced they may not fit together; the former certificates stay in use until they do.
/// Concurrency: any caller.
/// </remarks>
internal sealed class CertificateFolder
{
    private static readonly string[] Names = ["ca.crt", "node.crt", "node.key"];
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private NodeCertificates _current;
    private string _stamp;
    private long _lookedAt;

    private CertificateFolder(string folder, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _time = time;
        _logger = logger;
        _stamp = Stamp();
        _current = Read();
        _lookedAt = time.GetTimestamp();
        TransportLog.CertificatesRead(logger, folder, _current.NotAfter);
    }

    /// <exception cref="CertificateException">Missing, unreadable, or not fitting together.</exception>
    public static CertificateFolder Open(string folder, TimeProvider time, ILogger logger) => new(folder, time, logger);

    public NodeCertificates Current
    {
        get
        {
            lock (_gate)
            {
                if (_time.GetElapsedTime(_lookedAt) >= LookPeriod)
                {
                    _lookedAt = _time.GetTimestamp();
                    Look();
                }

                return _current;
            }
        }
    }

    private void Look()
    {
        string stamp = Stamp();
        if (stamp == _stamp)
        {
            return;
        }

        _stamp = stamp;
        try
        {
            _current = Read();
            TransportLog.CertificatesRead(_logger, _folder, _current.NotAfter);
        }
        catch (CertificateException e)
        {
            TransportLog.CertificatesUnreadable(_logger, _folder, e.Message);
        }
    }

    private string Stamp() => string.Join(' ', Names.Select(name =>
    {
        FileInfo file = new(Path.Combine(_folder, name));
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}/{file.Length}" : "none";
    }));

    private NodeCertificates Read()
    {
        foreach (string name in Names)
        {
            if (!File.Exists(Path.Combine(_folder, name)))
            {
                throw new CertificateException($"There is no {name} in {_folder}; it needs {string.Join(", ", Names)}.");
            }
        }

        try
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(Path.Combine(_folder, Names[0]));
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(Path.Combine(_folder, Names[1]));
            X509Certificate2 own = X509Certificate2.CreateFromPemFile(
                Path.Combine(_folder, Names[1]), Path.Combine(_folder, Names[2]));
            chain.AddRange(authorities);
            return new NodeCertificates(
                SslStreamCertificateContext.Create(own, chain, offline: true), authorities, own.NotAfter);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CertificateException($"The certificates in {_folder} cannot be used: {e.Message}", e);
        }
    }
}
