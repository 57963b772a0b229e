using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Cairn.Drives.Registers;
using Cairn.Objects.Data;
using Cairn.Primitives.Checksums;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Layout;

/// <summary>Which drives make up the store, and which of them hold which partition.</summary>
/// <remarks>
/// Purpose: placement is a document that is stored, not the arithmetic of a command line, so that drives can be
/// replaced and added one at a time. Invariants: W + R = n + 1; W &gt; n/2. Immutable; a change is a new epoch.
/// </remarks>
public sealed class StoreLayout
{
    /// <summary>Fixed for ever: keys are placed by it.</summary>
    public const int PartitionCount = 1024;

    private const int PartitionBits = 10;

    private const int MaxStackName = 1024;

    private readonly ushort[] _table;

    internal StoreLayout(
        long epoch, IReadOnlyList<LayoutDrive> drives, int width, int standardParity, int reducedParity, ushort[] table)
    {
        Epoch = epoch;
        Drives = drives;
        Width = width;
        Standard = CodeOf("STANDARD", width, standardParity);
        ReducedRedundancy = CodeOf("REDUCED_REDUNDANCY", width, reducedParity);
        _table = table;
        Validate();
    }

    /// <summary>Rises with every change.</summary>
    public long Epoch { get; }

    /// <summary>How far a change has come that moves partitions.</summary>
    internal LayoutProgress Progress
    {
        get;
        init
        {
            field = value;
            ValidateProgress();
        }
    } = LayoutProgress.None;

    /// <summary>
    /// In whose name calls are made by this layout. 0 as long as the placement never changed, which needs no fence and
    /// which nodes of the first release understand.
    /// </summary>
    internal long CallEpoch => Progress.Equals(LayoutProgress.None) ? 0 : Epoch;

    /// <summary>Partitions are on their way, or have yet to leave their former drives.</summary>
    public bool IsChanging =>
        !Progress.Target.IsEmpty || Progress.Joints.Count > 0 || Progress.Leftovers.Count > 0;

    /// <summary>An administrator has stopped the change: no more moves are begun.</summary>
    public bool IsStopped => Progress.IsStopped;

    /// <summary>Positions of partitions that are not yet where the change leads to, those on their way included.</summary>
    public int PositionsLeft
    {
        get
        {
            ReadOnlySpan<ushort> target = Progress.Target.Span;
            int left = 0;
            for (int index = 0; index < target.Length; index++)
            {
                left += _table[index] != target[index] ? 1 : 0;
            }

            return left;
        }
    }

    /// <summary>Drives whose places others took, the last one last. None of them comes back.</summary>
    /// <remarks>
    /// What it holds is of another time: it would vote as if it had never been away. And nodes that heard late of its
    /// successor have noted for it what the successor missed.
    /// </remarks>
    public IReadOnlyList<FormerDrive> Former
    {
        get;
        internal init
        {
            field = value;
            ValidateFormer();
        }
    } = [];

    /// <summary>All drives; a drive's index in this list is its number in the partition table.</summary>
    public IReadOnlyList<LayoutDrive> Drives { get; }

    /// <summary>The nodes that vote on the layout.</summary>
    /// <remarks>Null given: those of the drives.</remarks>
    [AllowNull]
    internal IReadOnlyList<string> Voters
    {
        get => field ??= [.. Drives.Select(drive => drive.Node).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        init;
    }

    /// <summary>Who voted before this layout, where that is somebody else: they have to agree to it, too. Else empty.</summary>
    internal IReadOnlyList<string> FormerVoters { get; init; } = [];

    /// <summary>n: drives per partition.</summary>
    public int Width { get; }

    /// <summary>Parity shards of an object of the class STANDARD: so many of its drives may be lost.</summary>
    public int StandardParity => Standard.ParityShards;

    /// <summary>Parity shards of an object of the class REDUCED_REDUNDANCY.</summary>
    public int ReducedParity => ReducedRedundancy.ParityShards;

    internal ErasureCode Standard { get; }

    internal ErasureCode ReducedRedundancy { get; }

    /// <summary>W: accepts that make a value chosen, where its data does not ask for more.</summary>
    internal int WriteQuorum => WidthTable.WriteQuorumFor(Standard);

    /// <summary>R: answers that are sure to include a drive of every write quorum.</summary>
    internal int ReadQuorum => Width - WriteQuorum + 1;

    internal ReadOnlyMemory<ushort> Table => _table;

    /// <summary>Indexes into Drives, by position (which is the shard index).</summary>
    internal ReadOnlySpan<ushort> DrivesOf(int partition) => _table.AsSpan(partition * Width, Width);

    /// <summary>The node has drives that hold something, or are to.</summary>
    public bool HasNode(string node) => Drives.Any(drive => drive.Node == node && drive.Duty != LayoutDuty.Left);

    /// <summary>What fails together with the node; empty: nothing, or it is no part of the store.</summary>
    internal string ZoneOf(string node) => Drives.FirstOrDefault(drive => drive.Node == node)?.Zone ?? "";

    /// <summary>No partition is on the drive, or on its way to it.</summary>
    public bool HoldsNothing(DriveId id)
    {
        int index = Drives.ToList().FindIndex(drive => drive.Id == id);
        return !_table.Contains((ushort)index) && Progress.Joints.Values.All(joint => joint.Arriving != index);
    }

    /// <summary>The drive is part of the store, or was: it can never be a new one.</summary>
    internal bool HasHad(DriveId id) => Drives.Any(drive => drive.Id == id) || Former.Any(former => former.Id == id);

    /// <summary>The drive that a position moves to; null when it stays.</summary>
    internal JointPosition? JointAt(int partition, int position) =>
        Progress.Joints.TryGetValue((partition * Width) + position, out JointPosition joint) ? joint : null;

    /// <summary>The table as it is when the positions on their way have arrived.</summary>
    internal ushort[] TableAhead()
    {
        ushort[] ahead = [.. _table];
        foreach ((int index, JointPosition joint) in Progress.Joints)
        {
            ahead[index] = (ushort)joint.Arriving;
        }

        return ahead;
    }

    /// <summary>
    /// The partition of a register: XXH64 of the bucket id (8 bytes, big endian) and the name, its upper bits. Uploads
    /// and parts lie with the object they are to become. On disks for ever: it may never change.
    /// </summary>
    internal static int PartitionOf(RegisterKey key)
    {
        ReadOnlySpan<byte> name = key.Name.Span;
        if (key.Space is RegisterSpace.Uploads or RegisterSpace.Parts)
        {
            int end = name.IndexOf((byte)0);
            name = end < 0 ? name : name[..end];
        }

        Span<byte> placed = name.Length <= MaxStackName
            ? stackalloc byte[sizeof(ulong) + MaxStackName]
            : new byte[sizeof(ulong) + name.Length];
        placed = placed[..(sizeof(ulong) + name.Length)];
        BinaryPrimitives.WriteUInt64BigEndian(placed, key.Bucket.Value);
        name.CopyTo(placed[sizeof(ulong)..]);
        return (int)(XxHash64.Compute(placed) >> (64 - PartitionBits));
    }

    /// <summary>A drive that is gone for good hands its place to another; nothing else moves.</summary>
    /// <exception cref="ArgumentException">The old drive is not in the layout, or the new one is, or was.</exception>
    public StoreLayout ReplaceDrive(DriveId gone, LayoutDrive replacement)
    {
        LayoutDrive[] drives = [.. Drives];
        int index = Array.FindIndex(drives, drive => drive.Id == gone);
        if (index < 0)
        {
            throw new ArgumentException($"Drive {gone} is not part of this store.", nameof(gone));
        }

        drives[index] = replacement;
        return new StoreLayout(Epoch + 1, drives, Width, Standard.ParityShards, ReducedRedundancy.ParityShards, _table)
        {
            Voters = Voters,
            Progress = Progress,
            Former = [.. Former, new FormerDrive(gone, index)],
        };
    }

    /// <summary>The layout of the next epoch.</summary>
    internal StoreLayout Next(IReadOnlyList<LayoutDrive> drives, ushort[] table, LayoutProgress progress) =>
        new(Epoch + 1, drives, Width, Standard.ParityShards, ReducedRedundancy.ParityShards, table)
        {
            Voters = Voters,
            Progress = progress,
            Former = Former,
        };

    /// <summary>The same with other voters; at most one more or one less, so that their majorities meet.</summary>
    internal StoreLayout ElectVoters(IEnumerable<string> voters) =>
        new(Epoch + 1, Drives, Width, Standard.ParityShards, ReducedRedundancy.ParityShards, _table)
        {
            Voters = [.. voters.Order(StringComparer.Ordinal)],
            FormerVoters = Voters,
            Progress = Progress,
            Former = Former,
        };

    private static ErasureCode CodeOf(string storageClass, int width, int parity) =>
        parity >= 0 && parity <= width / 2
            ? new ErasureCode((byte)(width - parity), (byte)parity)
            : throw new ArgumentException(
                $"{storageClass}: EC:{parity} does not fit {width} drives; use EC:0 to EC:{width / 2}.");

    private void Validate()
    {
        if (Drives.Count < Width || Width < 1 || Width > WidthTable.MaxWidth)
        {
            throw new ArgumentException($"A layout of {Drives.Count} drives cannot have partitions of {Width}.");
        }

        if (Drives.Select(drive => drive.Id).Distinct().Count() != Drives.Count)
        {
            throw new ArgumentException("A drive is named twice in the layout.");
        }

        if (Drives.Any(drive => drive.Weight < 1))
        {
            throw new ArgumentException("The weight of a drive is at least 1.");
        }

        if (_table.Length != PartitionCount * Width || _table.Any(index => index >= Drives.Count))
        {
            throw new ArgumentException("The partition table of the layout is damaged.");
        }
    }

    private void ValidateFormer()
    {
        if (Former.Any(former => former.Index < 0 || former.Index >= Drives.Count
            || Drives.Any(drive => drive.Id == former.Id)))
        {
            throw new ArgumentException("A drive cannot come back into the layout after another one took its place.");
        }
    }

    private void ValidateProgress()
    {
        bool isSound = Progress.Floor >= 0 && Progress.Floor <= Epoch
            && (Progress.Target.IsEmpty || Progress.Target.Length == _table.Length);
        foreach (ushort drive in Progress.Target.Span)
        {
            isSound &= drive < Drives.Count;
        }

        int before = -1;
        foreach ((int index, JointPosition joint) in Progress.Joints)
        {
            // Two joint positions of a partition could cost it a write quorum when one more drive is away.
            isSound &= index >= 0 && index < _table.Length && joint.Arriving < Drives.Count && joint.Since <= Epoch
                && index / Width != before && !DrivesOf(index / Width).Contains((ushort)joint.Arriving);
            before = index / Width;
        }

        foreach (Leftover left in Progress.Leftovers)
        {
            isSound &= left.Drive < Drives.Count && left.Partition is >= 0 and < PartitionCount && left.Since <= Epoch;
        }

        if (!isSound)
        {
            throw new ArgumentException("What the layout says of partitions on their way is damaged.");
        }
    }
}
