using System.Net.Sockets;
using Cairn.Cluster.Security;

namespace Cairn.Cluster.Transport.Sockets;

/// <summary>Connects to other nodes over TCP.</summary>
public sealed class TcpTransport(ClusterSecurity security, TcpOptions options) : INodeTransport
{
    public async ValueTask<IFrameConnection> ConnectAsync(NodeAddress address, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            NetworkStream stream = new(socket, ownsSocket: true);
            SecuredStream secured = await security.ConnectAsync(stream, address, cancellationToken);
            return new StreamConnection(secured, address.ToString(), options.MaxQueuedBytes);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            socket.Dispose();
            throw new TransportException(TransportFault.Unreachable, $"{address} is not reached: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
