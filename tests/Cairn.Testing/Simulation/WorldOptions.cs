namespace Cairn.Testing.Simulation;

/// <summary>Bounds of one run, so that a bug that never ends is reported instead of waited for.</summary>
internal sealed record WorldOptions
{
    /// <summary>Continuations in one run; far above any scenario here.</summary>
    public long StepLimit { get; init; } = 20_000_000;

    /// <summary>Continuations at one instant of virtual time: more means that the program runs in a circle.</summary>
    public long StepLimitPerInstant { get; init; } = 500_000;

    /// <summary>Virtual time in one run.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Events kept for the failure report.</summary>
    public int TraceWindow { get; init; } = 60;
}
