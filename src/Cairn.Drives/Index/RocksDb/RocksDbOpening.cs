using Cairn.Drives.Index.Log;
using Cairn.Drives.Index.Packs;
using Cairn.Drives.Os;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>An index that has just been opened, with everything in it that its log had.</summary>
/// <remarks>
/// RocksDB shows each row as of any time since the files of the log that are left were begun: without a log of its own
/// its families keep no step. Going through all of the log once more, in order, brings every row to its last value.
/// </remarks>
internal sealed class RocksDbOpening
{
    private const long LeastRoom = 8 << 20;

    private RocksDbOpening(RocksDbHandle handle, PackStore packs, RocksDbBuffer buffer, IndexLog log)
    {
        Handle = handle;
        Packs = packs;
        Buffer = buffer;
        Log = log;
    }

    public RocksDbHandle Handle { get; }

    public PackStore Packs { get; }

    public RocksDbBuffer Buffer { get; }

    public IndexLog Log { get; }

    public required RocksDbSizes Sizes { get; init; }

    public bool WasLossy { get; private init; }

    /// <summary>What the log has and RocksDB is not given, because nothing on the drive may change; sorted.</summary>
    public List<IndexChange>? Unstored { get; private init; }

    /// <exception cref="DriveIoException">
    /// RocksDB cannot be opened, or the log not be read. Full when there is no room for what an opening writes.
    /// </exception>
    public static RocksDbOpening Run(RocksDbSettings settings, Action<RocksDbHandle> whenUnused)
    {
        RocksDbSizes sizes = settings.Environment.Sizes;
        DemandRoom(settings);
        NumberedFiles files = new(settings.WalDirectory ?? settings.Path, IndexLog.FilePrefix);
        RocksDbHandle handle = RocksDbHandle.Open(settings, whenUnused);
        PackStore? packs = null;
        try
        {
            bool isReadOnly = settings.Mode == RocksDbMode.ReadOnly;
            packs = PackStore.Open(settings.Path, ReadPacks(handle), isReadOnly);
            RocksDbBuffer buffer = new(handle, new PackWriter(packs, handle.FindShard, sizes.PackBytes)) { IsReplay = true };
            LogEnd end = new LogReader(files).Run((record, size) =>
            {
                buffer.Add(record, size);
                if (!isReadOnly && buffer.SizeBytes >= sizes.BufferBytes)
                {
                    buffer.Drain();
                }
            });
            IndexLog log = new(files, end, sizes.LogFileBytes);
            if (!isReadOnly && log.HasFiles)
            {
                buffer.Drain();
                handle.Flush();
                log.DropAll();
            }

            buffer.IsReplay = false;
            return new RocksDbOpening(handle, packs, buffer, log)
            {
                Sizes = sizes,
                WasLossy = end.IsLossy,
                Unstored = isReadOnly ? buffer.Sort() : null,
            };
        }
        catch
        {
            packs?.Dispose();
            handle.BeginClose();
            throw;
        }
    }

    // An opening writes tables, a manifest and messages, and RocksDB is not made for failing at the latter.
    private static void DemandRoom(RocksDbSettings settings)
    {
        if (settings.Mode == RocksDbMode.Open)
        {
            long free = OsFault.Guard(() => new DriveInfo(settings.Path).AvailableFreeSpace);
            if (free < LeastRoom)
            {
                throw new DriveIoException(
                    DriveFault.Full, $"The index cannot be opened: {free} bytes are free, and {LeastRoom} are needed.");
            }
        }
    }

    private static List<(long Number, long Length, long Live)> ReadPacks(RocksDbHandle handle)
    {
        List<(long Number, long Length, long Live)> packs = [];
        using RocksDbCursor cursor = new(handle, null, IndexFamily.Shards, PackRow.Lower, PackRow.Upper);
        while (cursor.MoveNext())
        {
            if (PackRow.IsKey(cursor.Key))
            {
                (long length, long live) = PackRow.Decode(cursor.Key, cursor.Value.ToArray());
                packs.Add((PackRow.PackOf(cursor.Key), length, live));
            }
        }

        return packs;
    }
}
