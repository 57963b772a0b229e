namespace Cairn.Cli.Bench;

/// <summary>Where a run stands.</summary>
internal enum BenchPhase
{
    /// <summary>Operations run and are not counted: connections, caches and compiled code settle.</summary>
    WarmingUp = 0,

    Measuring = 1,

    /// <summary>No client begins another operation.</summary>
    Ended = 2,
}
