using Cairn.Drives.Index.Log;
using Cairn.Drives.Os;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>An index that has just been opened, with everything in it that its log had.</summary>
/// <remarks>
/// RocksDB shows each row as of any time since the files of the log that are left were begun: without a log of its own
/// its families keep no step. Going through all of the log once more, in order, brings every row to its last value.
/// </remarks>
internal sealed class RocksDbOpening
{
    private const long DrainBytes = 8L << 20;

    private RocksDbOpening(RocksDbHandle handle, RocksDbBuffer buffer, IndexLog log)
    {
        Handle = handle;
        Buffer = buffer;
        Log = log;
    }

    public RocksDbHandle Handle { get; }

    public RocksDbBuffer Buffer { get; }

    public IndexLog Log { get; }

    public bool WasLossy { get; private init; }

    /// <summary>What the log has and RocksDB is not given, because nothing on the drive may change; sorted.</summary>
    public List<IndexChange>? Unstored { get; private init; }

    /// <exception cref="DriveIoException">RocksDB cannot be opened, or the log not be read.</exception>
    public static RocksDbOpening Run(RocksDbSettings settings, Action<RocksDbHandle> whenUnused)
    {
        LogFiles files = new(settings.WalDirectory ?? settings.Path);
        RocksDbHandle handle = RocksDbHandle.Open(settings, whenUnused);
        try
        {
            bool isReadOnly = settings.Mode == RocksDbMode.ReadOnly;
            RocksDbBuffer buffer = new(handle);
            LogEnd end = new LogReader(files).Run((record, size) =>
            {
                buffer.Add(record, size);
                if (!isReadOnly && buffer.SizeBytes >= DrainBytes)
                {
                    buffer.Drain();
                }
            });
            IndexLog log = new(files, end, settings.Environment.LogFileBytes);
            if (!isReadOnly && log.HasFiles)
            {
                buffer.Drain();
                handle.Flush();
                log.DropAll();
            }

            return new RocksDbOpening(handle, buffer, log)
            {
                WasLossy = end.IsLossy,
                Unstored = isReadOnly ? buffer.Sort() : null,
            };
        }
        catch
        {
            handle.BeginClose();
            throw;
        }
    }
}
