using System.Security.Cryptography;
using Cairn.Cluster.Transport;
using Cairn.Primitives;
using Cairn.Testing.Drives;
using Cairn.Testing.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Testing.Links;

/// <summary>What a link and a server of tests are made of.</summary>
internal static class LinkEnds
{
    public static NodeAddress Address { get; } = new("127.0.0.1", 9002);

    /// <summary>On real threads and the real clock.</summary>
    public static TransportParts Parts(string name, LinkOptions? options = null) => new()
    {
        Identity = NodeIdentity.New(name, new OsEntropy()),
        Time = TimeProvider.System,
        Entropy = new OsEntropy(),
        Scheduler = new PoolWork(),
        Logger = NullLogger.Instance,
        Options = options ?? new LinkOptions(),
    };

    /// <summary>In a process of a world.</summary>
    public static TransportParts Parts(SimProcess process, LinkOptions? options = null) => new()
    {
        Identity = NodeIdentity.New(process.Name, process.Entropy),
        Time = process.Time,
        Entropy = process.Entropy,
        Scheduler = process.Work,
        Logger = NullLogger.Instance,
        Options = options ?? new LinkOptions(),
    };

    private sealed class OsEntropy : IEntropy
    {
        public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
    }
}
