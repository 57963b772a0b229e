using Cairn.Drives.Os;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Index.Log;

/// <summary>What makes batches durable before they are in the index: appended, synced, and dropped later.</summary>
/// <remarks>
/// Invariants: a record is on the device before the next one is written, so at most the last one can be torn. The
/// sequence has no gaps, from the oldest file to the newest.
/// Concurrency: one writer; files that are full may be dropped beside it.
/// Failure: after a failed append nothing may be appended any more, because what is on the device is unknown.
/// </remarks>
internal sealed class IndexLog : IDisposable
{
    /// <summary>Of the names of a log's files.</summary>
    public const string FilePrefix = "log-";

    private readonly NumberedFiles _files;
    private readonly long _fileBytes;
    private SafeFileHandle? _file;
    private long _offset;
    private long _oldest;

    /// <param name="files">Where it lies.</param>
    /// <param name="end">Where the log of the last opening ended; new records go to a file of their own.</param>
    /// <param name="fileBytes">A file that has so many bytes is followed by another.</param>
    public IndexLog(NumberedFiles files, LogEnd end, long fileBytes)
    {
        _files = files;
        _fileBytes = fileBytes;
        _oldest = end.OldestFile;
        Newest = end.NewestFile;
        NextSequence = end.NextSequence;
    }

    /// <summary>Sequence of the record to be appended next.</summary>
    public long NextSequence { get; private set; }

    /// <summary>The file that records go to.</summary>
    public long Newest { get; private set; }

    public bool HasFiles => _oldest <= Newest;

    /// <summary>There are files besides the newest, which wait for being dropped.</summary>
    public bool HasOlder => Volatile.Read(ref _oldest) < Newest;

    /// <summary>Appends a record. Durable on return.</summary>
    /// <exception cref="DriveIoException">Nothing is known to be durable.</exception>
    public void Append(ReadOnlySpan<byte> record)
    {
        if (_file is null || _offset >= _fileBytes)
        {
            _file?.Dispose();
            _file = _files.Create(Newest + 1);
            Newest++;
            _offset = 0;
        }

        try
        {
            RandomAccess.Write(_file, record, _offset);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw OsFault.ToDriveException(e);
        }

        LinuxCalls.SyncContent(_file);
        _offset += record.Length;
        NextSequence++;
    }

    /// <summary>Removes the files below a number: what is in them is durable in the index.</summary>
    public void DropBefore(long number)
    {
        for (long old = _oldest; old < number; old++)
        {
            // One that came back later than its successors would bring old rows back.
            _files.Delete(old);
            _files.Sync();
            Volatile.Write(ref _oldest, old + 1);
        }
    }

    /// <summary>Removes all files: nothing is appended any more, and everything is durable in the index.</summary>
    public void DropAll()
    {
        Dispose();
        DropBefore(Newest + 1);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
