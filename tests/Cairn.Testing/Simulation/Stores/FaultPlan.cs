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

    /// <summary>Disks stop answering, and go on later.</summary>
    public bool Hangs { get; init; }

    /// <summary>Disks report errors.</summary>
    public bool Errors { get; init; }

    /// <summary>Disks are pulled out, and put back at a later start.</summary>
    public bool Removals { get; init; }

    /// <summary>More disks at once than parity covers: then errors are fine, wrong answers are not.</summary>
    public bool ExceedsParity { get; init; }

    public bool IsCalm => !(Kills || PowerLosses || Slowness || Hangs || Errors || Removals);

    public static FaultPlan Draw(SimRandom random) => random.Chance(0.1)
        ? new FaultPlan()
        : new FaultPlan
        {
            Kills = random.Chance(0.35),
            PowerLosses = random.Chance(0.35),
            Slowness = random.Chance(0.25),
            Hangs = random.Chance(0.25),
            Errors = random.Chance(0.25),
            Removals = random.Chance(0.25),
            ExceedsParity = random.Chance(0.2),
        };
}
