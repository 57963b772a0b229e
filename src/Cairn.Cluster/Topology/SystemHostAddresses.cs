using System.Net;
using System.Net.NetworkInformation;

namespace Cairn.Cluster.Topology;

/// <summary>The operating system's view.</summary>
public sealed class SystemHostAddresses : IHostAddresses
{
    public string MachineName => Dns.GetHostName();

    public IReadOnlyList<IPAddress> GetLocalAddresses() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address),
    ];

    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Whatever the resolver's reason: the name leads nowhere at the moment, and the caller asks again.
            return [];
        }
    }
}
