using System.Net;
using Cairn.Cluster.Topology;

namespace Cairn.UnitTests.Cluster.Topology;

/// <summary>A machine with a table of names.</summary>
internal sealed class HostTable(string machineName, params string[] local) : IHostAddresses
{
    private readonly Dictionary<string, string[]> _names = new(StringComparer.Ordinal);

    public string MachineName => machineName;

    public HostTable With(string name, params string[] addresses)
    {
        _names[name] = addresses;
        return this;
    }

    public IReadOnlyList<IPAddress> GetLocalAddresses() => [.. local.Select(IPAddress.Parse)];

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IPAddress>>([.. _names.GetValueOrDefault(host, []).Select(IPAddress.Parse)]);
}
