using Cairn.Client.Admin;
using Cairn.Client.S3;

namespace Cairn.Cli.Commands.Admin;

/// <summary>Clients for the single nodes of a cluster, with the credential of the command line.</summary>
internal sealed class NodeAccess(S3ClientOptions target) : IDisposable
{
    private readonly Dictionary<Uri, AdminClient> _clients = [];

    /// <summary>The node, or the balancer, that the command line names.</summary>
    public AdminClient Any => At(target.Endpoint);

    public AdminClient At(Uri endpoint)
    {
        if (!_clients.TryGetValue(endpoint, out AdminClient? client))
        {
            client = new AdminClient(target with { Endpoint = endpoint });
            _clients.Add(endpoint, client);
        }

        return client;
    }

    public void Dispose()
    {
        foreach (AdminClient client in _clients.Values)
        {
            client.Dispose();
        }
    }
}
