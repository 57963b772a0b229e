namespace Cairn.Cluster.Membership.Detection;

/// <summary>How far this node should trust its own timeouts.</summary>
/// <remarks>
/// Purpose: a node that is starved of processor or network finds everybody else silent. It notices that not even those
/// it asks for help answer, and becomes slower to judge instead of accusing the healthy.
/// Invariant: 0 (healthy) to Worst.
/// See: Lifeguard, 4.1 (local health multiplier).
/// </remarks>
internal sealed class LocalHealth
{
    private const int Worst = 4;

    /// <summary>0 when all is well.</summary>
    public int Score { get; private set; }

    /// <summary>What periods and timeouts are multiplied by.</summary>
    public int Multiplier => Score + 1;

    public void Improve() => Score = Math.Max(0, Score - 1);

    public void Worsen() => Score = Math.Min(Worst, Score + 1);
}
