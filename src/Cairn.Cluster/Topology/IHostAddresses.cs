using System.Net;

namespace Cairn.Cluster.Topology;

/// <summary>What this machine is called and where it is: the operating system in production, a table in tests.</summary>
public interface IHostAddresses
{
    /// <summary>The machine's own name; empty when it has none.</summary>
    string MachineName { get; }

    /// <summary>The addresses of all interfaces, loopback included.</summary>
    IReadOnlyList<IPAddress> GetLocalAddresses();

    /// <summary>Asks the resolver; empty when the name is not known there, or not yet.</summary>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}
