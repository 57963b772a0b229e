namespace Cairn.Objects.Quorum;

/// <summary>Something with drives to wait for, which RoundWatch reminds of the time.</summary>
internal abstract class WatchedRound
{
    internal WatchedRound? Previous { get; set; }

    internal WatchedRound? Next { get; set; }

    internal bool IsWatched { get; set; }

    internal long WatchedSince { get; set; }

    /// <summary>Called about every half straggler delay while watched. Short, and takes no lock of RoundWatch.</summary>
    public abstract void OnTime(TimeSpan age);
}
