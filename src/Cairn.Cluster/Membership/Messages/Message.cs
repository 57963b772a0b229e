using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership.Messages;

/// <summary>A message without its updates.</summary>
/// <remarks>The sender's record order (incarnation, run) lets the receiver see at once which of them knows less.</remarks>
internal sealed record Message
{
    public required MessageKind Kind { get; init; }

    public Guid Cluster { get; init; }

    public required NodeId Sender { get; init; }

    public ulong Run { get; init; }

    public ulong Incarnation { get; init; }

    public required string SenderAddress { get; init; }

    /// <summary>Whom it is for; the empty id: whoever is at the address.</summary>
    public NodeId Target { get; init; }

    /// <summary>Chosen by whoever asks and repeated by whoever answers.</summary>
    public uint Sequence { get; init; }

    /// <summary>The sender's clock, in milliseconds since 1970.</summary>
    public long WallClockMs { get; init; }

    /// <summary>PingRequest: whom to ping.</summary>
    public NodeId Subject { get; init; }

    /// <summary>PingRequest: where the subject is.</summary>
    public string SubjectAddress { get; init; } = "";

    /// <summary>Sync: the sender wants one back.</summary>
    public bool WantsReply { get; init; }
}
