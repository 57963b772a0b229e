using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership.Detection;

/// <summary>A ping on behalf of another node.</summary>
/// <param name="Sequence">Of our ping.</param>
/// <param name="Subject">Whom it went to.</param>
/// <param name="Requester">Who asked.</param>
/// <param name="RequesterAddress">Where to answer.</param>
/// <param name="RequestSequence">What to answer.</param>
internal sealed record Relay(
    uint Sequence, NodeId Subject, NodeId Requester, string RequesterAddress, uint RequestSequence)
{
    /// <summary>The next thing to do: to say that there is no answer yet, then to give up.</summary>
    public required TimeSpan NextStep { get; set; }

    /// <summary>The requester knows that this node at least is well.</summary>
    public bool IsNacked { get; set; }
}
