namespace Cairn.Testing.Simulation.Stores;

/// <summary>Which kinds of faults one run has. Few at a time: a run with everything rarely gets anywhere.</summary>
internal sealed record FaultPlan
{
    /// <summary>The process is killed and started again.</summary>
    public bool Kills { get; init; }

    /// <summary>All disks lose what was not synced, together with the process.</summary>
    public bool PowerLosses { get; init; }

    /// <summary>Disks become slow.</summary>
    public bool Slowness { get; init; }

    /// <summary>Reads begin late or are answered late.</summary>
    public bool LateReads { get; init; }

    /// <summary>Disks stop answering, and go on later.</summary>
    public bool Hangs { get; init; }

    /// <summary>Disks report errors.</summary>
    public bool Errors { get; init; }

    /// <summary>Disks are pulled out while the node runs, and put back.</summary>
    public bool Removals { get; init; }

    /// <summary>Disks are replaced by empty ones while the node is down.</summary>
    public bool Replacements { get; init; }

    /// <summary>Two disks are mixed up while the node is down, and put right later.</summary>
    public bool Swaps { get; init; }

    /// <summary>Bits flip in shard files and stored values.</summary>
    public bool Rot { get; init; }

    /// <summary>
    /// More disks at once than parity covers: then errors are fine, wrong answers are not. Nothing is lost for good.
    /// </summary>
    public bool ExceedsParity { get; init; }

    public bool IsCalm =>
        !(Kills || PowerLosses || Slowness || Hangs || Errors || Removals || Replacements || Swaps || Rot);

    public static FaultPlan Draw(SimRandom random)
    {
        if (random.Chance(0.1))
        {
            return new FaultPlan();
        }

        bool exceeds = random.Chance(0.2);
        return new FaultPlan
        {
            Kills = random.Chance(0.35),
            PowerLosses = random.Chance(0.35),
            Slowness = random.Chance(0.2),
            Hangs = random.Chance(0.2),
            Errors = random.Chance(0.2),
            Removals = random.Chance(0.3),
            Replacements = random.Chance(0.4) && !exceeds,
            Swaps = random.Chance(0.1),
            Rot = random.Chance(0.15) && !exceeds,
            ExceedsParity = exceeds,
        };
    }
}
