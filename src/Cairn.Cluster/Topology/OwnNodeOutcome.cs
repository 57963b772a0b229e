namespace Cairn.Cluster.Topology;

public enum OwnNodeOutcome
{
    Found,

    /// <summary>No node is this one so far, and some names lead nowhere: ask again later.</summary>
    NotYet,

    /// <summary>No node is this one, or more than one is; the arguments have to be changed.</summary>
    Refused,
}
