using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

/// <summary>What a node says of itself. Only the node makes records of itself; others pass them on whole.</summary>
/// <remarks>
/// Invariants: a change of any field raises the incarnation, so the pair of incarnation and run names one content. Of
/// two records of a node the one with the higher incarnation stands, then the one with the higher run.
/// </remarks>
internal sealed record MemberRecord
{
    public required NodeId Id { get; init; }

    /// <summary>Drawn at each start of the process: tells a restarted node, or two with one id, apart.</summary>
    public required ulong Run { get; init; }

    /// <summary>Raised by the node itself, to say something new or to deny that it failed.</summary>
    public required ulong Incarnation { get; init; }

    /// <summary>Never Failed.</summary>
    public required NodeState State { get; init; }

    /// <summary>The highest message format that the node reads.</summary>
    public required byte Protocol { get; init; }

    /// <summary>Where its cluster port is, as the link understands it.</summary>
    public required string Address { get; init; }

    public string PublicAddress { get; init; } = "";

    public string Zone { get; init; } = "";

    public string ProgramVersion { get; init; } = "";

    /// <summary>Means nothing here.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>Positive when this record stands against the other one.</summary>
    public int CompareOrder(MemberRecord other) => CompareOrder(Incarnation, Run, other.Incarnation, other.Run);

    public static int CompareOrder(ulong incarnation, ulong run, ulong otherIncarnation, ulong otherRun)
    {
        int order = incarnation.CompareTo(otherIncarnation);
        return order != 0 ? order : run.CompareTo(otherRun);
    }
}
