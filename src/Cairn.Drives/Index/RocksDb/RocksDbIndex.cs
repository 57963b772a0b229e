using System.Diagnostics;
using Cairn.Drives.Os;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>A drive's index on RocksDB.</summary>
/// <remarks>
/// Purpose: the production side of the index seam.
/// Concurrency: as the seam says. What is in memory is read on the caller's thread, which takes microseconds; what may
/// wait for the device runs on the drive's threads (writes on one of their own, since each of them waits for a sync),
/// except one call at a time while the device is quick (DevicePace).
/// Failure: after a failed write RocksDB may have the batch in its log or not; nothing more is written.
/// </remarks>
internal sealed class RocksDbIndex : IDriveIndex
{
    private const int CacheOnlyTier = 1;

    private readonly RocksDbHandle _handle;
    private readonly DriveThreads _threads;
    private readonly DriveThreads _writeThread;
    private readonly WriteBatchEncoder _encoder;
    private readonly DevicePace _readPace = new();
    private readonly DevicePace _writePace = new();
    private readonly nint _cacheOnly;
    private readonly nint _full;
    private readonly nint _syncWrite;
    private readonly TaskCompletionSource _closed;
    private volatile bool _isPoisoned;
    private int _isDisposed;

    private RocksDbIndex(
        RocksDbHandle handle, DriveThreads threads, DriveThreads writeThread, TaskCompletionSource closed, bool wasLossy)
    {
        _handle = handle;
        _threads = threads;
        _writeThread = writeThread;
        _closed = closed;
        WasLossy = wasLossy;
        _encoder = new WriteBatchEncoder(handle.FamilyIds());
        _full = RocksDbNative.ReadOptionsCreate();
        _cacheOnly = RocksDbNative.ReadOptionsCreate();
        RocksDbNative.ReadOptionsSetReadTier(_cacheOnly, CacheOnlyTier);
        _syncWrite = RocksDbNative.WriteOptionsCreate();
        RocksDbNative.WriteOptionsSetSync(_syncWrite, 1);
    }

    /// <summary>
    /// The log was damaged before its end, so answered writes may be gone: the drive must not vote until it is rebuilt.
    /// </summary>
    public bool WasLossy { get; }

    /// <param name="settings">Where it lies.</param>
    /// <param name="threads">Of the drive; they outlive the index.</param>
    /// <exception cref="DriveIoException">It cannot be opened; the message is RocksDB's.</exception>
    public static async ValueTask<RocksDbIndex> OpenAsync(RocksDbSettings settings, DriveThreads threads)
    {
        DriveThreads writeThread = new("cairn-index", 1, limit: 64);
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void WhenUnused(RocksDbHandle handle) => _ = writeThread.RunAsync(() =>
        {
            handle.Close(flushes: settings.Mode != RocksDbMode.ReadOnly);
            closed.SetResult();
        });

        try
        {
            (RocksDbHandle handle, bool wasLossy) = await writeThread.RunAsync(() => Open(settings, WhenUnused));
            return new RocksDbIndex(handle, threads, writeThread, closed, wasLossy);
        }
        catch
        {
            writeThread.Dispose();
            throw;
        }
    }

    public ValueTask<byte[]?> GetAsync(IndexFamily family, ReadOnlyMemory<byte> key)
    {
        if (_readPace.TryEnter())
        {
            return ValueTask.FromResult(GetHere(family, key.Span));
        }

        return TryGet(family, key.Span, _cacheOnly, out byte[]? value)
            ? ValueTask.FromResult(value)
            : new ValueTask<byte[]?>(GetOnThreadAsync(family, key));
    }

    public async ValueTask WriteAsync(IndexBatch batch)
    {
        if (_isPoisoned)
        {
            throw new DriveIoException(DriveFault.Poisoned, "An earlier write to the index failed.");
        }

        ReadOnlyMemory<byte> encoded = _encoder.Encode(batch);
        try
        {
            if (_writePace.TryEnter())
            {
                WriteHere(encoded.Span);
            }
            else
            {
                await WriteOnThreadAsync(encoded);
            }
        }
        catch
        {
            _isPoisoned = true;
            throw;
        }
    }

    public IIndexCursor OpenCursor(IndexFamily family, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper) =>
        new RocksDbCursor(_handle, null, family, lower, upper);

    public (IIndexCursor First, IIndexCursor Second) OpenCursors(IndexRange first, IndexRange second)
    {
        _handle.Enter();
        try
        {
            RocksDbSnapshot snapshot = new(_handle);
            return (
                new RocksDbCursor(_handle, snapshot, first.Family, first.Lower.Span, first.Upper.Span),
                new RocksDbCursor(_handle, snapshot, second.Family, second.Lower.Span, second.Upper.Span));
        }
        finally
        {
            _handle.Exit();
        }
    }

    public ValueTask ScanAsync(Action work) => new(_threads.RunAsync(work));

    /// <summary>Closes the database once its last reader is done.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _handle.BeginClose();
        await _closed.Task;
        _writeThread.Dispose();
        RocksDbNative.ReadOptionsDestroy(_full);
        RocksDbNative.ReadOptionsDestroy(_cacheOnly);
        RocksDbNative.WriteOptionsDestroy(_syncWrite);
    }

    private static (RocksDbHandle Handle, bool WasLossy) Open(RocksDbSettings settings, Action<RocksDbHandle> whenUnused)
    {
        try
        {
            return (RocksDbHandle.Open(settings, WalRecovery.Strict, whenUnused), false);
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            return (RocksDbHandle.Open(settings, WalRecovery.Lossy, whenUnused), true);
        }
    }

    private byte[]? GetHere(IndexFamily family, ReadOnlySpan<byte> key)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            TryGet(family, key, _full, out byte[]? value);
            return value;
        }
        finally
        {
            _readPace.Exit(started);
        }
    }

    private Task<byte[]?> GetOnThreadAsync(IndexFamily family, ReadOnlyMemory<byte> key) => _threads.RunAsync(() =>
    {
        long started = Stopwatch.GetTimestamp();
        TryGet(family, key.Span, _full, out byte[]? value);
        _readPace.Record(started);
        return value;
    });

    private void WriteHere(ReadOnlySpan<byte> encoded)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            Write(encoded);
        }
        finally
        {
            _writePace.Exit(started);
        }
    }

    private Task WriteOnThreadAsync(ReadOnlyMemory<byte> encoded) => _writeThread.RunAsync(() =>
    {
        long started = Stopwatch.GetTimestamp();
        Write(encoded.Span);
        _writePace.Record(started);
    });

    /// <summary>False when the answer is not in memory.</summary>
    private unsafe bool TryGet(IndexFamily family, ReadOnlySpan<byte> key, nint options, out byte[]? value)
    {
        value = null;
        _handle.Enter();
        try
        {
            byte* error = null;
            nint pinned;
            fixed (byte* pointer = key)
            {
                pinned = RocksDbNative.GetPinned(
                    _handle.Database, options, _handle.Family(family), pointer, (nuint)key.Length, &error);
            }

            if (RocksDbStatus.Take(error) is { } text)
            {
                return RocksDbStatus.IsIncomplete(text) ? false : throw RocksDbStatus.ToException(text);
            }

            if (pinned != 0)
            {
                nuint length;
                byte* bytes = RocksDbNative.PinnedValue(pinned, &length);
                value = new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
                RocksDbNative.PinnedDestroy(pinned);
            }

            return true;
        }
        finally
        {
            _handle.Exit();
        }
    }

    private unsafe void Write(ReadOnlySpan<byte> encoded)
    {
        _handle.Enter();
        try
        {
            byte* error = null;
            fixed (byte* pointer = encoded)
            {
                nint batch = RocksDbNative.WriteBatchCreateFrom(pointer, (nuint)encoded.Length);
                RocksDbNative.Write(_handle.Database, _syncWrite, batch, &error);
                RocksDbNative.WriteBatchDestroy(batch);
            }

            RocksDbStatus.ThrowOn(error);
        }
        finally
        {
            _handle.Exit();
        }
    }
}
