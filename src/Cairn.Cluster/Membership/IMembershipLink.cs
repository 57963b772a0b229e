namespace Cairn.Cluster.Membership;

/// <summary>One-way messages to other nodes.</summary>
/// <remarks>
/// What arrives is handed to <see cref="MembershipAgent.Receive"/> of the other node. A link may lose, delay, duplicate
/// and reorder. It must not alter a message, nor deliver one of a stranger: integrity and authenticity are the link's.
/// </remarks>
public interface IMembershipLink
{
    /// <summary>
    /// Sends, or drops: never blocks, never throws for what happens on the way, and queues no more than a few messages
    /// for a node that takes none.
    /// </summary>
    /// <param name="address">Of the node: a seed's, or what it gave in <see cref="LocalMember.Address"/>.</param>
    /// <param name="message">At most <see cref="MembershipLimits.MaxMessageBytes"/>; the link may keep it.</param>
    void Send(string address, ReadOnlyMemory<byte> message);
}
