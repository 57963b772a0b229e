using Cairn.Cluster.Security;
using Cairn.Testing.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Testing.Links;

/// <summary>An authority and node folders of its making, below a temporary folder.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("cairn-certificates-");
    private readonly CertificateAuthority _authority;

    public TestCertificates(ulong seed = 1) => _authority = CertificateAuthority.New(
        TimeSpan.FromDays(10), TimeProvider.System, new SimEntropy(new SimRandom(seed)));

    /// <summary>Writes the three files for a node, in place of what was there.</summary>
    public string Issue(string node, params string[] hosts)
    {
        string folder = Path.Combine(_root.FullName, node);
        Directory.CreateDirectory(folder);
        (string certificate, string key) = _authority.IssueNode(hosts, TimeSpan.FromDays(1));
        File.WriteAllText(Path.Combine(folder, "ca.crt"), _authority.CertificatePem);
        File.WriteAllText(Path.Combine(folder, "node.crt"), certificate);
        File.WriteAllText(Path.Combine(folder, "node.key"), key);
        return folder;
    }

    public ClusterSecurity Security(string node, params string[] hosts) =>
        ClusterSecurity.WithCertificates(Issue(node, hosts), TimeProvider.System, NullLogger.Instance);

    public void Dispose()
    {
        _authority.Dispose();
        _root.Delete(recursive: true);
    }
}
