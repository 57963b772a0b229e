using Cairn.Drives.Registers;
using Cairn.Objects.Commit.Listing;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Partitions;

/// <summary>All partitions as one layout has them, and who still works by it.</summary>
/// <remarks>Concurrency: any caller; everything but the count of users is immutable.</remarks>
internal sealed class StorePlacement
{
    private readonly Lock _gate = new();
    private readonly Partition[] _partitions;
    private readonly Lazy<DriveGroups> _groups;
    private int _users;
    private TaskCompletionSource? _left;

    /// <param name="layout">The layout.</param>
    /// <param name="drives">By number of the layout's drives.</param>
    public StorePlacement(StoreLayout layout, IReadOnlyList<DriveHandle> drives)
    {
        Layout = layout;
        Drives = drives;
        DriveReplica[] replicas = [.. drives.Select(drive => new DriveReplica(drive, layout.CallEpoch))];
        HashSet<int> left = [.. layout.Progress.Leftovers.Select(leftover => leftover.Partition)];
        _partitions =
        [
            .. Enumerable.Range(0, StoreLayout.PartitionCount).Select(
                index => new Partition(index, layout, replicas) { HasFormerDrive = left.Contains(index) }),
        ];
        _groups = new Lazy<DriveGroups>(() => new DriveGroups(_partitions, drives.Count));
    }

    public StoreLayout Layout { get; }

    /// <summary>By number of the layout's drives.</summary>
    public IReadOnlyList<DriveHandle> Drives { get; }

    public IReadOnlyList<Partition> Partitions => _partitions;

    public DriveGroups Groups => _groups.Value;

    public Partition PartitionOf(RegisterKey key) => _partitions[StoreLayout.PartitionOf(key)];

    /// <summary>An operation works by this layout until the use is disposed.</summary>
    public Use Enter()
    {
        lock (_gate)
        {
            _users++;
        }

        return new Use(this);
    }

    /// <summary>Ends when nobody works by this layout any more. To be asked once newer ones are used.</summary>
    public Task LeftAsync()
    {
        lock (_gate)
        {
            if (_users == 0)
            {
                return Task.CompletedTask;
            }

            // Completed outside the lock; who waits with a limit must not be sent to another thread first.
            _left ??= new TaskCompletionSource();
            return _left.Task;
        }
    }

    private void Exit()
    {
        TaskCompletionSource? left = null;
        lock (_gate)
        {
            if (--_users == 0)
            {
                (left, _left) = (_left, null);
            }
        }

        left?.TrySetResult();
    }

    /// <summary>Keeps track of one operation.</summary>
    public readonly struct Use(StorePlacement placement) : IDisposable
    {
        public StorePlacement Placement => placement;

        public void Dispose() => placement.Exit();
    }
}
