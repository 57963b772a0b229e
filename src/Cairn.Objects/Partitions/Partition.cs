using Cairn.Drives;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Partitions;

/// <summary>The drives that hold a share of the keys, in order: the position of a drive is the index of its shards.</summary>
/// <remarks>
/// As one layout has it. An operation takes the partition once and makes all its calls through it, so that they are all
/// of one epoch: what was promised to it in one layout is never used in a later one.
/// </remarks>
internal sealed class Partition
{
    private Partition? _asLeaving;

    /// <param name="index">Which partition.</param>
    /// <param name="layout">Says who holds it.</param>
    /// <param name="drives">By number of the layout's drives, called in its name.</param>
    public Partition(int index, StoreLayout layout, IReadOnlyList<DriveReplica> drives)
    {
        Index = index;
        Epoch = layout.CallEpoch;
        WriteQuorum = layout.WriteQuorum;
        ReadQuorum = layout.ReadQuorum;
        ReadOnlySpan<ushort> chosen = layout.DrivesOf(index);
        Drives = new Replica[chosen.Length];
        for (int position = 0; position < chosen.Length; position++)
        {
            DriveReplica drive = drives[chosen[position]];
            Drives[position] = layout.JointAt(index, position) is { } joint
                ? new JointReplica(drive, drives[joint.Arriving])
                : drive;
        }
    }

    private Partition(Partition joint)
    {
        Index = joint.Index;
        Epoch = joint.Epoch;
        HasFormerDrive = joint.HasFormerDrive;
        WriteQuorum = joint.WriteQuorum;
        ReadQuorum = joint.ReadQuorum;
        Drives = [.. joint.Drives.Select(replica => replica.Members[0])];
    }

    public int Index { get; }

    /// <summary>In whose name its drives are called.</summary>
    public long Epoch { get; }

    public Replica[] Drives { get; }

    /// <summary>Who works by an older layout may still ask a drive that holds the partition no more.</summary>
    public bool HasFormerDrive { get; init; }

    /// <summary>n.</summary>
    public int Width => Drives.Length;

    /// <summary>W, where the data does not ask for more.</summary>
    public int WriteQuorum { get; }

    /// <summary>R.</summary>
    public int ReadQuorum { get; }

    public PositionSet All => PositionSet.First(Width);

    /// <summary>
    /// With the drive that leaves alone in the position that moves. What it tells is what counted before and counts while
    /// the position is joint; it takes no part in decisions.
    /// </summary>
    public Partition AsLeaving => _asLeaving ??= new Partition(this);

    /// <summary>The position of a drive; -1 when the partition is not on it.</summary>
    public int PositionOf(DriveHandle drive) => Array.FindIndex(Drives, replica => MemberOf(replica, drive) is not null);

    /// <summary>A drive of the position, by itself.</summary>
    public DriveReplica MemberAt(int position, DriveHandle drive) => MemberOf(Drives[position], drive)
        ?? throw new ArgumentException($"Drive {drive.Id} is not at position {position} of partition {Index}.", nameof(drive));

    /// <summary>The drive takes over the position but does not have it alone yet.</summary>
    public bool IsArriving(int position, DriveHandle drive) =>
        Drives[position].IsJoint && Drives[position].Members[1].Drive == drive;

    /// <summary>Drives worth asking: there, and not set aside unless the others are too few.</summary>
    public PositionSet Reachable() => Preferred(static drive => drive.State != DriveState.Offline);

    /// <summary>The same with those that are set aside, for when one of the others fails.</summary>
    public PositionSet ReachableAtAll() => Find(static drive => drive.State != DriveState.Offline);

    /// <summary>Drives that should take a new value now.</summary>
    public PositionSet Writable() => Preferred(static drive => drive.State is DriveState.Online or DriveState.Recovering);

    /// <summary>The same with those that are set aside, for when one of the others fails.</summary>
    public PositionSet WritableAtAll() => Find(static drive => drive.State is DriveState.Online or DriveState.Recovering);

    /// <summary>Accepts that make a value with so many data shards chosen: never fewer than restore its data.</summary>
    public int WriteQuorumFor(int dataShards) => Math.Max(WriteQuorum, dataShards);

    private static DriveReplica? MemberOf(Replica replica, DriveHandle drive)
    {
        foreach (DriveReplica member in replica.Members)
        {
            if (member.Drive == drive)
            {
                return member;
            }
        }

        return null;
    }

    private PositionSet Preferred(Func<Replica, bool> isUsable)
    {
        PositionSet usable = Find(isUsable);
        PositionSet preferred = usable;
        foreach (int position in usable)
        {
            preferred = Drives[position].IsAside ? preferred.Without(position) : preferred;
        }

        return preferred.Count >= WriteQuorum ? preferred : usable;
    }

    private PositionSet Find(Func<Replica, bool> isUsable)
    {
        PositionSet usable = default;
        for (int position = 0; position < Drives.Length; position++)
        {
            usable = isUsable(Drives[position]) ? usable.With(position) : usable;
        }

        return usable;
    }
}
