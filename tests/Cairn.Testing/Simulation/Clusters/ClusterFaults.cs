namespace Cairn.Testing.Simulation.Clusters;

/// <summary>Which kinds of faults one run of a cluster has. Few at a time: a run with everything rarely gets anywhere.</summary>
internal sealed record ClusterFaults
{
    /// <summary>Nodes are killed, and started again.</summary>
    public bool Kills { get; init; }

    /// <summary>Nodes lose their power, and with it what was not synced; nobody is told that they are gone.</summary>
    public bool PowerLosses { get; init; }

    /// <summary>All nodes lose their power at once.</summary>
    public bool Blackouts { get; init; }

    /// <summary>Nodes stand still, and go on as if nothing had happened.</summary>
    public bool Pauses { get; init; }

    /// <summary>Wall clocks are set, up to hours wrong.</summary>
    public bool ClockJumps { get; init; }

    /// <summary>The network falls into parts: two, two with a node that hears both, or one that hears and is not heard.</summary>
    public bool Partitions { get; init; }

    /// <summary>Links become slow and uneven, and lose what they carry.</summary>
    public bool BadLinks { get; init; }

    /// <summary>Connections break.</summary>
    public bool Breaks { get; init; }

    public bool SlowDisks { get; init; }

    /// <summary>Disks stop answering, and go on later.</summary>
    public bool HangingDisks { get; init; }

    /// <summary>Disks report errors.</summary>
    public bool FailingDisks { get; init; }

    /// <summary>Disks run full.</summary>
    public bool FullDisks { get; init; }

    /// <summary>Disks are pulled out and put back.</summary>
    public bool Removals { get; init; }

    /// <summary>Disks, or a whole node with its disks, are replaced by empty ones.</summary>
    public bool Replacements { get; init; }

    /// <summary>Disks of two nodes are mixed up while both are down; they must refuse to start.</summary>
    public bool Swaps { get; init; }

    /// <summary>Faults that go on at the same time.</summary>
    public int Lanes { get; init; } = 1;

    public static ClusterFaults Draw(SimRandom random)
    {
        if (random.Chance(0.05))
        {
            return new ClusterFaults { Lanes = 0 };
        }

        return new ClusterFaults
        {
            Kills = random.Chance(0.4),
            PowerLosses = random.Chance(0.3),
            Blackouts = random.Chance(0.1),
            Pauses = random.Chance(0.3),
            ClockJumps = random.Chance(0.2),
            Partitions = random.Chance(0.4),
            BadLinks = random.Chance(0.25),
            Breaks = random.Chance(0.25),
            SlowDisks = random.Chance(0.15),
            HangingDisks = random.Chance(0.15),
            FailingDisks = random.Chance(0.15),
            FullDisks = random.Chance(0.1),
            Removals = random.Chance(0.15),
            Replacements = random.Chance(0.25),
            Swaps = random.Chance(0.05),
            Lanes = random.PickWeighted([0, 4, 3, 1]),
        };
    }
}
