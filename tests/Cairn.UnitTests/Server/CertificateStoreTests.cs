using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Security;
using Cairn.Cluster.Transport;
using Cairn.Server.Commands;
using Cairn.Testing.Links;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cairn.UnitTests.Server;

// What `cairn certs` writes is what nodes read.
public sealed class CertificateStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-certs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nodes_of_two_runs_of_the_command_talk_to_each_other()
    {
        string[] folders = [.. ((string[])["127.0.0.1", "node2"]).Select(host =>
        {
            using CertificateStore store = CertificateStore.Open(_folder, out bool isNew);
            Assert.Equal(host == "127.0.0.1", isNew);
            return store.Issue([host], TimeSpan.FromDays(1));
        })];
        await using TcpEnds node = TcpEnds.Start(Read(folders[0]), new ServedDrives([]));
        await using NodeLink link = await node.ConnectAsync(Read(folders[1]));
        Assert.True(link.IsConnected);
    }

    [Fact]
    public void Keys_can_be_read_by_their_owner_only()
    {
        using CertificateStore store = CertificateStore.Open(_folder, out _);
        string node = store.Issue(["node1"], TimeSpan.FromDays(1));
        foreach (string key in (string[])[Path.Combine(_folder, "ca.key"), Path.Combine(node, "node.key")])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }
    }

    private static ClusterSecurity Read(string folder) =>
        ClusterSecurity.WithCertificates(folder, TimeProvider.System, NullLogger.Instance);
}
