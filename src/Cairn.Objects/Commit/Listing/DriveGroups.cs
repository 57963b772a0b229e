using Cairn.Objects.Partitions;

namespace Cairn.Objects.Commit.Listing;

/// <summary>The different sets of drives that hold partitions. Immutable.</summary>
/// <remarks>
/// Purpose: partitions on the same drives ask the same of a listing. With as many drives as a partition is wide there
/// is one group, however many partitions there are.
/// A position that moves is heard when both of its drives are: in the groups its drives are named with their partners.
/// </remarks>
internal sealed class DriveGroups
{
    private readonly int[][] _groupsOf;
    private readonly (int Group, int Partner)[][] _jointGroupsOf;

    public DriveGroups(IReadOnlyList<Partition> partitions, int driveCount)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        List<int>[] groupsOf = [.. Enumerable.Range(0, driveCount).Select(_ => new List<int>())];
        List<(int, int)>[] jointGroupsOf = [.. Enumerable.Range(0, driveCount).Select(_ => new List<(int, int)>())];
        foreach (Partition partition in partitions)
        {
            int[][] positions = [.. partition.Drives.Select(replica =>
                (int[])[.. replica.Members.Select(member => member.Drive.Index)])];
            if (!known.Add(string.Join(',', positions.Select(members => string.Join('+', members)).Order(StringComparer.Ordinal))))
            {
                continue;
            }

            int group = known.Count - 1;
            foreach (int[] members in positions)
            {
                if (members.Length == 1)
                {
                    groupsOf[members[0]].Add(group);
                }
                else
                {
                    jointGroupsOf[members[0]].Add((group, members[1]));
                    jointGroupsOf[members[1]].Add((group, members[0]));
                }
            }
        }

        _groupsOf = [.. groupsOf.Select(list => list.ToArray())];
        _jointGroupsOf = [.. jointGroupsOf.Select(list => list.ToArray())];
        Count = known.Count;
        Drives = Enumerable.Range(0, driveCount).Count(drive => _groupsOf[drive].Length + _jointGroupsOf[drive].Length > 0);
    }

    public int Count { get; }

    /// <summary>How many drives hold partitions.</summary>
    public int Drives { get; }

    /// <summary>The groups that a drive belongs to alone in a position, by its number in the layout.</summary>
    public ReadOnlySpan<int> Of(int drive) => _groupsOf[drive];

    /// <summary>The groups in which a drive shares a position with another one.</summary>
    public ReadOnlySpan<(int Group, int Partner)> JointOf(int drive) => _jointGroupsOf[drive];
}
