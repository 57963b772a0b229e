namespace Cairn.Cluster.Transport;

/// <summary>What became of a call. On the wire, except for Lost: never renumber.</summary>
public enum CallStatus : byte
{
    /// <summary>Answered.</summary>
    Ok = 0,

    /// <summary>The other node cannot read the request; surely nothing happened.</summary>
    Malformed = 1,

    /// <summary>The other node has no such service or operation; surely nothing happened.</summary>
    Unknown = 2,

    /// <summary>Too much is under way; surely nothing happened.</summary>
    Busy = 3,

    /// <summary>The other node met a defect of its own. It may or may not have happened.</summary>
    Failed = 4,

    /// <summary>There is no connection, or it broke. It may or may not have happened. Never sent.</summary>
    Lost = 255,
}
