namespace Cairn.Cluster.RemoteDrives.Messages;

/// <summary>The operations of the service of drives. On the wire: never renumber.</summary>
internal enum DriveCallKind : byte
{
    /// <summary>One-way, back to the caller: the states of all drives of the node.</summary>
    States = 0,

    Accept = 1,
    Prepare = 2,
    Commit = 3,
    Forget = 4,
    Read = 5,
    List = 6,
    CreateShard = 7,
    WriteShard = 8,
    SealShard = 9,

    /// <summary>Removes what was written of a shard that is not sealed.</summary>
    DiscardShard = 10,
    OpenShard = 11,
    ReadShard = 12,

    /// <summary>One-way: the reader is not needed any more.</summary>
    CloseShard = 13,
    RestoreInline = 14,
    DropShard = 15,
    SetBucketGate = 16,
    ListMissed = 17,
    ClearMissed = 18,
    EndRecovery = 19,
    Stat = 20,
    HoldShards = 21,

    /// <summary>Ends a hold.</summary>
    ReleaseShards = 22,

    /// <summary>An accept, prepare, read or list in the name of an epoch: number of the epoch, its kind, its body.</summary>
    AtEpoch = 23,
    Evict = 24,
    ListBucketGates = 25,

    /// <summary>Several commits, each answered with a fault of its own. From version 2 on.</summary>
    Commits = 26,
}
