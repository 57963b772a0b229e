namespace Cairn.Cluster.Membership.Messages;

internal enum MessageKind : byte
{
    /// <summary>Are you there? Answered by Ack.</summary>
    Ping = 1,

    /// <summary>I am, or: the subject of your request is.</summary>
    Ack = 2,

    /// <summary>Ping the subject for me. Answered by Ack, or by Nack.</summary>
    PingRequest = 3,

    /// <summary>The subject of your request has not answered me, but I have answered you.</summary>
    Nack = 4,

    /// <summary>News, and nothing else.</summary>
    Gossip = 5,

    /// <summary>Everything the sender knows, or a part of it. Answered in kind when an answer is wanted.</summary>
    Sync = 6,
}
