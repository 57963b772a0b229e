using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Drives;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>The drives of this node that other nodes may use.</summary>
/// <remarks>Concurrency: any caller; the set is swapped whole.</remarks>
public sealed class ServedDrives
{
    private volatile ServedDrive[] _drives;

    public ServedDrives(IEnumerable<IDrive> drives) => _drives = Wrap(drives);

    /// <summary>From now on these are served. Calls under way end on the drive they began on.</summary>
    public void Replace(IEnumerable<IDrive> drives) => _drives = Wrap(drives);

    internal ServedDrive? Find(DriveId id)
    {
        foreach (ServedDrive drive in _drives)
        {
            if (drive.Drive.Id == id)
            {
                return drive;
            }
        }

        return null;
    }

    internal ToldState[] States() =>
        [.. _drives.Select(served => new ToldState(served.Drive.Id, served.Drive.State))];

    private static ServedDrive[] Wrap(IEnumerable<IDrive> drives) => [.. drives.Select(drive => new ServedDrive(drive))];
}
