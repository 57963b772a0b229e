namespace Cairn.Drives.Index.RocksDb;

/// <summary>A view shared by several cursors; released with the last of them.</summary>
internal sealed class RocksDbSnapshot(RocksDbHandle handle)
{
    private int _users;

    public nint Snapshot { get; } = RocksDbNative.SnapshotCreate(handle.Database);

    public void AddUser() => Interlocked.Increment(ref _users);

    public void RemoveUser()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            RocksDbNative.SnapshotRelease(handle.Database, Snapshot);
        }
    }
}
