using Cairn.Cluster.Security;
using Cairn.Server.Composition;

namespace Cairn.Server.Commands;

/// <summary>A folder with a cluster's authority, and below it a folder for each node.</summary>
/// <remarks>
/// Invariants: keys can be read by their owner only; a file is replaced whole. A node that reads its folder between two of
/// the files keeps its former certificates until they fit together.
/// </remarks>
internal sealed class CertificateStore : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // Outlives nodes: replacing it means replacing the certificates of all nodes.
    private static readonly TimeSpan AuthorityValidity = TimeSpan.FromDays(20 * 365);

    private readonly string _folder;
    private readonly CertificateAuthority _authority;

    private CertificateStore(string folder, CertificateAuthority authority)
    {
        _folder = folder;
        _authority = authority;
    }

    /// <summary>Uses the authority that is there, or makes one.</summary>
    public static CertificateStore Open(string folder, out bool isNew)
    {
        string certificate = Path.Combine(folder, "ca.crt");
        string key = Path.Combine(folder, "ca.key");
        isNew = !File.Exists(certificate) && !File.Exists(key);
        SystemEntropy entropy = new();
        if (!isNew)
        {
            return new CertificateStore(folder, CertificateAuthority.Load(
                File.ReadAllText(certificate), File.ReadAllText(key), TimeProvider.System, entropy));
        }

        Directory.CreateDirectory(folder);
        CertificateAuthority authority = CertificateAuthority.New(AuthorityValidity, TimeProvider.System, entropy);
        Write(key, authority.KeyPem, OwnerOnly);
        Write(certificate, authority.CertificatePem, Everyone);
        return new CertificateStore(folder, authority);
    }

    /// <returns>The folder of the node, named after its first host.</returns>
    public string Issue(IReadOnlyList<string> hosts, TimeSpan validity)
    {
        string node = Path.Combine(_folder, hosts[0]);
        Directory.CreateDirectory(node);
        (string certificate, string key) = _authority.IssueNode(hosts, validity);
        Write(Path.Combine(node, "ca.crt"), _authority.CertificatePem, Everyone);
        Write(Path.Combine(node, "node.key"), key, OwnerOnly);
        Write(Path.Combine(node, "node.crt"), certificate, Everyone);
        return node;
    }

    public void Dispose() => _authority.Dispose();

    private static void Write(string path, string text, UnixFileMode mode)
    {
        string unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
        };
        using (var writer = new StreamWriter(unfinished, options))
        {
            writer.Write(text);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
