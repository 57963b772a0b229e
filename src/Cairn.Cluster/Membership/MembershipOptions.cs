using System.Globalization;

namespace Cairn.Cluster.Membership;

/// <summary>The pace and the bounds of membership. All nodes should have the same.</summary>
public sealed record MembershipOptions
{
    /// <summary>How often news are passed on, and how often a lost member or a seed is called.</summary>
    public TimeSpan GossipPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a node exchanges all it knows with one other: repairs what gossip lost.</summary>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From the suspicion of a silent node to its failure, when others confirm it; twice that when nobody does.
    /// </summary>
    public TimeSpan FailedAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a node probes one other. Decides, with the timeout, how soon silence is noticed.</summary>
    public TimeSpan ProbePeriod { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The least time given to an answer before others are asked to try; they get twice that. Grows with the measured
    /// round trip. Long enough for a collection of garbage.
    /// </summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Members asked to probe a silent one.</summary>
    public int IndirectProbes { get; init; } = 3;

    /// <summary>Members that a round of gossip goes to.</summary>
    public int GossipFanout { get; init; } = 3;

    /// <summary>Each piece of news is sent this many times the binary logarithm of the number of members.</summary>
    public int RetransmitFactor { get; init; } = 3;

    /// <summary>How long a member that failed or left is remembered. Its return is news at any time.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A clock further than this from the median of all clocks is named.</summary>
    public TimeSpan ClockSkewLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Members besides this one; further ones are refused and counted.</summary>
    public int MaxMembers { get; init; } = 1_024;

    /// <summary>Finds what is wrong.</summary>
    /// <returns>Sentences, one for each problem; empty when all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        Demand(GossipPeriod, nameof(GossipPeriod), TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        Demand(HeartbeatPeriod, nameof(HeartbeatPeriod), GossipPeriod, TimeSpan.FromHours(1));
        Demand(FailedAfter, nameof(FailedAfter), HeartbeatPeriod, TimeSpan.FromDays(1));
        Demand(ProbePeriod, nameof(ProbePeriod), TimeSpan.FromMilliseconds(10), FailedAfter / 4);
        Demand(ProbeTimeout, nameof(ProbeTimeout), TimeSpan.FromMilliseconds(1), FailedAfter / 4);
        Demand(ForgetAfter, nameof(ForgetAfter), FailedAfter, TimeSpan.FromDays(3650));
        Demand(ClockSkewLimit, nameof(ClockSkewLimit), TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(365));
        DemandCount(IndirectProbes, nameof(IndirectProbes), 0, 16);
        DemandCount(GossipFanout, nameof(GossipFanout), 1, 16);
        DemandCount(RetransmitFactor, nameof(RetransmitFactor), 1, 16);
        DemandCount(MaxMembers, nameof(MaxMembers), 1, 16_384);
        return problems;

        void Demand(TimeSpan value, string name, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                problems.Add(string.Create(
                    CultureInfo.InvariantCulture, $"Membership:{name} is {value}; accepted: {least} to {most}."));
            }
        }

        void DemandCount(int value, string name, int least, int most)
        {
            if (value < least || value > most)
            {
                problems.Add(string.Create(
                    CultureInfo.InvariantCulture, $"Membership:{name} is {value}; accepted: {least} to {most}."));
            }
        }
    }
}
