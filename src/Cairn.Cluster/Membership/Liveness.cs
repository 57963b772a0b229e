namespace Cairn.Cluster.Membership;

/// <summary>What members believe of another one. Of two beliefs about one incarnation the greater value stands.</summary>
internal enum Liveness : byte
{
    Alive = 0,
    Suspect = 1,
    Failed = 2,
}
