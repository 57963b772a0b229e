using Cairn.Objects.Partitions;

namespace Cairn.Objects.Commit.Listing;

/// <summary>The different sets of drives that hold partitions. Immutable.</summary>
/// <remarks>
/// Purpose: partitions on the same drives ask the same of a listing. With as many drives as a partition is wide there
/// is one group, however many partitions there are.
/// </remarks>
internal sealed class DriveGroups
{
    private readonly int[][] _groupsOf;

    public DriveGroups(IReadOnlyList<Partition> partitions, int driveCount)
    {
        Dictionary<string, int> groups = new(StringComparer.Ordinal);
        List<int>[] groupsOf = new List<int>[driveCount];
        for (int drive = 0; drive < driveCount; drive++)
        {
            groupsOf[drive] = [];
        }

        foreach (Partition partition in partitions)
        {
            string members = string.Concat(partition.Drives.Select(drive => (char)drive.Index).Order());
            if (groups.TryAdd(members, groups.Count))
            {
                foreach (char drive in members)
                {
                    groupsOf[drive].Add(groups.Count - 1);
                }
            }
        }

        _groupsOf = [.. groupsOf.Select(list => list.ToArray())];
        Count = groups.Count;
    }

    public int Count { get; }

    /// <summary>The groups that a drive belongs to, by its index in the layout.</summary>
    public ReadOnlySpan<int> Of(int drive) => _groupsOf[drive];
}
