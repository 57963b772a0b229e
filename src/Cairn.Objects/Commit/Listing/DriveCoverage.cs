namespace Cairn.Objects.Commit.Listing;

/// <summary>Counts, for every group of drives, how many of its positions a listing hears.</summary>
/// <remarks>
/// Invariants: when complete, every partition has at least its read quorum among the heard positions, so that every value
/// that was chosen before they answered is on one of them.
/// </remarks>
internal sealed class DriveCoverage(DriveGroups groups, int readQuorum)
{
    private readonly int[] _heard = new int[groups.Count];
    private readonly HashSet<int> _drives = [];
    private int _lacking = groups.Count;

    public bool IsComplete => _lacking == 0;

    /// <summary>A partition of this drive lacks a position.</summary>
    public bool Needs(int drive)
    {
        foreach (int group in groups.Of(drive))
        {
            if (_heard[group] < readQuorum)
            {
                return true;
            }
        }

        foreach ((int group, _) in groups.JointOf(drive))
        {
            if (_heard[group] < readQuorum)
            {
                return true;
            }
        }

        return false;
    }

    public void Add(int drive)
    {
        _drives.Add(drive);
        foreach (int group in groups.Of(drive))
        {
            Hear(group);
        }

        foreach ((int group, int partner) in groups.JointOf(drive))
        {
            if (_drives.Contains(partner))
            {
                Hear(group);
            }
        }
    }

    public void Remove(int drive)
    {
        _drives.Remove(drive);
        foreach (int group in groups.Of(drive))
        {
            Miss(group);
        }

        foreach ((int group, int partner) in groups.JointOf(drive))
        {
            if (_drives.Contains(partner))
            {
                Miss(group);
            }
        }
    }

    private void Hear(int group) => _lacking -= ++_heard[group] == readQuorum ? 1 : 0;

    private void Miss(int group) => _lacking += _heard[group]-- == readQuorum ? 1 : 0;
}
