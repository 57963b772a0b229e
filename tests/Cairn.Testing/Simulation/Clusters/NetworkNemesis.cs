using Cairn.Testing.Simulation.Network;

namespace Cairn.Testing.Simulation.Clusters;

/// <summary>Breaks the network of a cluster: parts of it, single links, or its quality.</summary>
/// <remarks>
/// Nodes talk over connections, as over TCP: frames of one connection come once and in order, however late, also when
/// their sender is dead by then; frames of different connections overtake each other. Single frames that come twice or in
/// another order are not drawn here, as no transport below the sessions does that to them (LinkQuality.IsDatagram is for
/// the tests of the sessions).
/// </remarks>
internal sealed class NetworkNemesis
{
    private readonly SimCluster _cluster;
    private readonly SimRandom _random;
    private readonly string[] _hosts;

    public NetworkNemesis(SimCluster cluster, ClusterFaults plan, SimRandom random)
    {
        _cluster = cluster;
        _random = random;
        _hosts = [.. Enumerable.Range(0, cluster.Count).Select(node => SimCluster.AddressOf(node).Host)];
        cluster.Network.Faults.Quality = new LinkQuality
        {
            Jitter = TimeSpan.FromMilliseconds(_random.Pick([0.15, 1, 5])),
            Break = plan.Breaks ? _random.Pick([0.0005, 0.005]) : 0,
        };
    }

    private NetworkFaults Faults => _cluster.Network.Faults;

    /// <summary>Cuts links for a while.</summary>
    public async Task PartAsync(Func<TimeSpan, Task> waitAsync)
    {
        (string From, string To)[] cuts = [.. Cuts().Where(cut => !Faults.IsCut(cut.From, cut.To))];
        foreach ((string from, string to) in cuts)
        {
            Faults.Cut(from, to);
        }

        await waitAsync(TimeSpan.FromSeconds(_random.Chance(0.5) ? _random.NextDouble() : _random.Next(20)));
        foreach ((string from, string to) in cuts)
        {
            Faults.Mend(from, to);
        }
    }

    /// <summary>Makes a link bad for a while, or all links of a node.</summary>
    public async Task SpoilAsync(Func<TimeSpan, Task> waitAsync)
    {
        LinkQuality usual = Faults.Quality;
        LinkQuality bad = usual with
        {
            Jitter = TimeSpan.FromMilliseconds(_random.Pick([10, 100, 700])),
            Loss = _random.Pick([0, 0, 0.002, 0.02]),
            Detour = _random.Pick([0, 0.01, 0.1]),
            Break = _random.Pick([0, 0.01]),
        };
        string victim = _random.Pick(_hosts);
        string[] others = [.. _hosts.Where(host => host != victim && _random.Chance(0.5))];
        foreach (string other in others)
        {
            Faults.SetQuality(victim, other, bad);
            if (_random.Chance(0.5))
            {
                Faults.SetQuality(other, victim, bad);
            }
        }

        await waitAsync(TimeSpan.FromSeconds(_random.Next(20)));
        foreach (string other in others)
        {
            Faults.SetQuality(victim, other, usual);
            Faults.SetQuality(other, victim, usual);
        }
    }

    private (string From, string To)[] Cuts()
    {
        string[] shuffled = [.. _hosts.OrderBy(_ => _random.NextUInt64())];
        int left = _random.Between(1, shuffled.Length - 1);
        (string From, string To)[] split = [.. shuffled[..left].SelectMany(from => shuffled[left..].Select(to => (from, to)))];
        return _random.Next(5) switch
        {
            0 or 1 => [.. split, .. split.Select(cut => (cut.To, cut.From))],
            // One direction: some hear, and are not heard.
            2 => split,
            // A bridge: one node reaches both sides, which do not reach each other.
            3 => [.. split.Concat(split.Select(cut => (cut.To, cut.From)))
                .Where(cut => cut.Item1 != shuffled[0] && cut.Item2 != shuffled[0])],
            _ => [_random.Pick(split)],
        };
    }
}
