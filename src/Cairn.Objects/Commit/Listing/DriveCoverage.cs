namespace Cairn.Objects.Commit.Listing;

/// <summary>Counts, for every group of drives, how many of them a listing hears.</summary>
/// <remarks>
/// Invariants: when complete, every partition has at least its read quorum among the heard drives, so that every value
/// that was chosen before they answered is on one of them.
/// </remarks>
internal sealed class DriveCoverage(DriveGroups groups, int readQuorum)
{
    private readonly int[] _heard = new int[groups.Count];
    private int _lacking = groups.Count;

    public bool IsComplete => _lacking == 0;

    /// <summary>A partition of this drive lacks a drive.</summary>
    public bool Needs(int drive)
    {
        foreach (int group in groups.Of(drive))
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
        foreach (int group in groups.Of(drive))
        {
            _lacking -= ++_heard[group] == readQuorum ? 1 : 0;
        }
    }

    public void Remove(int drive)
    {
        foreach (int group in groups.Of(drive))
        {
            _lacking += _heard[group]-- == readQuorum ? 1 : 0;
        }
    }
}
