using Cairn.Drives;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Partitions;

/// <summary>The drives that hold a share of the keys, in order: the position of a drive is the index of its shards.</summary>
internal sealed class Partition
{
    public Partition(int index, StoreLayout layout, IReadOnlyList<DriveHandle> drives)
    {
        Index = index;
        WriteQuorum = layout.WriteQuorum;
        ReadQuorum = layout.ReadQuorum;
        ReadOnlySpan<ushort> chosen = layout.DrivesOf(index);
        Drives = new DriveHandle[chosen.Length];
        for (int position = 0; position < chosen.Length; position++)
        {
            Drives[position] = drives[chosen[position]];
        }
    }

    public int Index { get; }

    public DriveHandle[] Drives { get; }

    /// <summary>n.</summary>
    public int Width => Drives.Length;

    /// <summary>W, where the data does not ask for more.</summary>
    public int WriteQuorum { get; }

    /// <summary>R.</summary>
    public int ReadQuorum { get; }

    public PositionSet All => PositionSet.First(Width);

    /// <summary>The position of a drive; -1 when the partition is not on it.</summary>
    public int PositionOf(DriveHandle drive) => Array.IndexOf(Drives, drive);

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

    private PositionSet Preferred(Func<DriveHandle, bool> isUsable)
    {
        PositionSet usable = Find(isUsable);
        PositionSet preferred = usable;
        foreach (int position in usable)
        {
            preferred = Drives[position].Timing.IsAside ? preferred.Without(position) : preferred;
        }

        return preferred.Count >= WriteQuorum ? preferred : usable;
    }

    private PositionSet Find(Func<DriveHandle, bool> isUsable)
    {
        PositionSet usable = default;
        for (int position = 0; position < Drives.Length; position++)
        {
            usable = isUsable(Drives[position]) ? usable.With(position) : usable;
        }

        return usable;
    }
}
