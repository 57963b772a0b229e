using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

/// <summary>A member as the rest of the node sees it; does not change.</summary>
public sealed record MemberView
{
    public required NodeId Id { get; init; }

    public required NodeState State { get; init; }

    /// <summary>Found silent, by this node or by others, and has not denied it yet.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>False: alive as others say, but it does not answer this node directly.</summary>
    public bool IsDirect { get; init; } = true;

    /// <summary>Starts anew with each process of the node.</summary>
    public required ulong Run { get; init; }

    public required ulong Incarnation { get; init; }

    public required string Address { get; init; }

    public required string PublicAddress { get; init; }

    public required string Zone { get; init; }

    public required string ProgramVersion { get; init; }

    public required ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>A hint: serves, and nothing speaks against sending it a request.</summary>
    public bool IsRoutable => State == NodeState.Active && !IsSuspect && IsDirect;

    internal static MemberView Of(MemberRecord record) => new()
    {
        Id = record.Id,
        State = record.State,
        Run = record.Run,
        Incarnation = record.Incarnation,
        Address = record.Address,
        PublicAddress = record.PublicAddress,
        Zone = record.Zone,
        ProgramVersion = record.ProgramVersion,
        Metadata = record.Metadata,
    };

    internal static MemberView Of(Member member) => Of(member.Record) with
    {
        State = member.State,
        IsSuspect = member.Liveness == Liveness.Suspect,
        IsDirect = member.IsDirect,
    };
}
