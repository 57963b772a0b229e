using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Os;

/// <summary>A file of the operating system; every call that may wait for the device runs on the drive's threads.</summary>
/// <remarks>Except a read while reads come from memory (DevicePace): it takes as long as two changes of thread.</remarks>
internal sealed class OsDriveFile(SafeFileHandle handle, DriveThreads threads, DevicePace readPace) : IDriveFile
{
    public long Length => OsFault.Guard(() => RandomAccess.GetLength(handle));

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask(threads.RunAsync(
            () => OsFault.Guard(() => RandomAccess.Write(handle, bytes.Span, offset))));
    }

    public ValueTask WriteAsync(
        long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask(threads.RunAsync(() => OsFault.Guard(() => RandomAccess.Write(handle, parts, offset))));
    }

    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return readPace.TryEnter()
            ? ValueTask.FromResult(ReadHere(offset, destination))
            : new ValueTask<int>(threads.RunAsync(() =>
            {
                long started = Stopwatch.GetTimestamp();
                int read = OsFault.Guard(() => FileReading.Fill(handle, offset, destination.Span));
                readPace.Record(started);
                return read;
            }));
    }

    public ValueTask SyncAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask(threads.RunAsync(() => LinuxCalls.SyncContent(handle)));
    }

    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private int ReadHere(long offset, Memory<byte> destination)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            return OsFault.Guard(() => FileReading.Fill(handle, offset, destination.Span));
        }
        finally
        {
            readPace.Exit(started);
        }
    }
}
