using Cairn.Primitives;
using Cairn.Primitives.Scheduling;
using Microsoft.Extensions.Logging;

namespace Cairn.Cluster.Transport;

/// <summary>What links and servers of one node are made of.</summary>
public sealed record TransportParts
{
    public required NodeIdentity Identity { get; init; }

    public required TimeProvider Time { get; init; }

    public required IEntropy Entropy { get; init; }

    public required IWorkScheduler Scheduler { get; init; }

    public required ILogger Logger { get; init; }

    public LinkOptions Options { get; init; } = new();
}
