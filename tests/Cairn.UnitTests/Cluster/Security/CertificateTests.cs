using System.Net.Security;
using System.Net.Sockets;
using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Security;
using Cairn.Cluster.Transport;
using Cairn.Cluster.Transport.Sockets;
using Cairn.Testing.Links;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cairn.UnitTests.Cluster.Security;

// Nodes with certificates of two authorities, on real sockets.
public sealed class CertificateTests : IDisposable
{
    private readonly TestCertificates _ours = new(1);
    private readonly TestCertificates _others = new(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _ours.Dispose();
        _others.Dispose();
    }

    [Fact]
    public async Task Node_of_the_same_authority_gets_in()
    {
        await using TcpEnds node = TcpEnds.Start(_ours.Security("server", "127.0.0.1", "localhost"), new ServedDrives([]));
        await using NodeLink link = await node.ConnectAsync(_ours.Security("client", "other.example"));
        Assert.True(link.IsConnected);
        Assert.Equal(0, node.Refusals.Count);
    }

    [Fact]
    public async Task Node_of_another_authority_gets_nothing()
    {
        await using TcpEnds node = TcpEnds.Start(_ours.Security("server", "127.0.0.1"), new ServedDrives([]));

        // It believes our authority, so it is we who refuse.
        string folder = _others.Issue("client", "127.0.0.1");
        File.Copy(Path.Combine(_ours.Issue("server", "127.0.0.1"), "ca.crt"), Path.Combine(folder, "ca.crt"), overwrite: true);
        ClusterSecurity client = ClusterSecurity.WithCertificates(folder, TimeProvider.System, NullLogger.Instance);
        await ExpectNoWelcomeAsync(node, client);
        await WaitForRefusalAsync(node);
        Assert.Equal(1, node.Refusals.CountOf(TransportFault.Unauthenticated));
    }

    [Fact]
    public async Task Node_that_another_authority_signed_is_not_believed()
    {
        await using TcpEnds node = TcpEnds.Start(_others.Security("server", "127.0.0.1"), new ServedDrives([]));
        TransportException refused = await Assert.ThrowsAsync<TransportException>(async () =>
            await new TcpTransport(_ours.Security("client", "127.0.0.1"), new TcpOptions()).ConnectAsync(node.Address, Token));
        Assert.Equal(TransportFault.Unauthenticated, refused.Fault);
        Assert.Contains("ca.crt did not sign", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_with_the_certificate_of_another_host_is_not_believed()
    {
        await using TcpEnds node = TcpEnds.Start(_ours.Security("server", "node7.example"), new ServedDrives([]));
        TransportException refused = await Assert.ThrowsAsync<TransportException>(async () =>
            await new TcpTransport(_ours.Security("client", "127.0.0.1"), new TcpOptions()).ConnectAsync(node.Address, Token));
        Assert.Contains("another host", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_without_a_certificate_gets_nothing()
    {
        await using TcpEnds node = TcpEnds.Start(_ours.Security("server", "127.0.0.1"), new ServedDrives([]));
        using TcpClient client = new();
        await client.ConnectAsync(node.Address.Host, node.Address.Port, Token);
        await using SslStream tls = new(
            client.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "127.0.0.1",
                    ApplicationProtocols = [new SslApplicationProtocol("cairn-cluster")],
                },
                Token);
            await tls.ReadExactlyAsync(new byte[1], Token);
        });
        await WaitForRefusalAsync(node);
        Assert.Equal(1, node.Refusals.CountOf(TransportFault.Unauthenticated));
    }

    [Fact]
    public async Task Secret_and_certificates_do_not_mix()
    {
        await using TcpEnds node = TcpEnds.Start(_ours.Security("server", "127.0.0.1"), new ServedDrives([]));
        await Assert.ThrowsAsync<TransportException>(async () => await new TcpTransport(
            ClusterSecurity.WithSecret(TcpEnds.Secret), new TcpOptions()).ConnectAsync(node.Address, Token));
    }

    [Fact]
    public async Task Changed_certificates_are_used_without_a_restart()
    {
        string folder = _others.Issue("server", "127.0.0.1");
        ManualTime time = new();
        ClusterSecurity server = ClusterSecurity.WithCertificates(folder, time, NullLogger.Instance);
        await using TcpEnds node = TcpEnds.Start(server, new ServedDrives([]));
        ClusterSecurity client = _ours.Security("client", "127.0.0.1");
        foreach (string file in Directory.GetFiles(_ours.Issue("renewed", "127.0.0.1")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        time.Advance(TimeSpan.FromSeconds(2));
        await using NodeLink link = await node.ConnectAsync(client);
        Assert.True(link.IsConnected);
    }

    [Fact]
    public async Task Half_replaced_certificates_leave_the_former_ones_in_use()
    {
        string folder = _ours.Issue("server", "127.0.0.1");
        ManualTime time = new();
        await using TcpEnds node = TcpEnds.Start(
            ClusterSecurity.WithCertificates(folder, time, NullLogger.Instance), new ServedDrives([]));
        await File.WriteAllTextAsync(Path.Combine(folder, "node.key"), "half a key", Token);
        time.Advance(TimeSpan.FromSeconds(2));
        await using NodeLink link = await node.ConnectAsync(_ours.Security("client", "127.0.0.1"));
        Assert.True(link.IsConnected);
    }

    [Fact]
    public void Missing_file_is_named()
    {
        string folder = _ours.Issue("server", "127.0.0.1");
        File.Delete(Path.Combine(folder, "node.key"));
        CertificateException missing = Assert.Throws<CertificateException>(
            () => ClusterSecurity.WithCertificates(folder, TimeProvider.System, NullLogger.Instance));
        Assert.Contains("no node.key", missing.Message, StringComparison.Ordinal);
    }

    private static async Task WaitForRefusalAsync(TcpEnds node)
    {
        // The count has no event of its own.
        while (node.Refusals.Count == 0)
        {
            await Task.Delay(10, Token);
        }
    }

    // With TLS 1.3 who connects has done its part before the other end has looked at its certificate.
    private static async Task ExpectNoWelcomeAsync(TcpEnds node, ClusterSecurity security)
    {
        try
        {
            IFrameConnection connection = await new TcpTransport(security, new TcpOptions()).ConnectAsync(node.Address, Token);
            Assert.Null(await connection.ReceiveAsync(Token));
        }
        catch (TransportException e)
        {
            Assert.NotEqual(TransportFault.Incompatible, e.Fault);
        }
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Advance(TimeSpan span) => Interlocked.Add(ref _ticks, span.Ticks);
    }
}
