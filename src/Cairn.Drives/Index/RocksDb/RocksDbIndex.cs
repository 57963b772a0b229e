using System.Buffers;
using System.Diagnostics;
using Cairn.Drives.Index.Log;
using Cairn.Drives.Index.Packs;
using Cairn.Drives.Os;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>A drive's index on RocksDB, behind a log of its own.</summary>
/// <remarks>
/// Purpose: the production side of the index seam. A batch is appended to the log, which makes it durable, and is
/// visible from then on in a buffer; RocksDB gets the rows later, many at once and in order, and keeps no log.
/// Files of the log go when RocksDB has made durable what is in them.
/// Concurrency: as the seam says. What is in memory is read on the caller's thread, which takes microseconds; what may
/// wait for the device runs on the drive's threads (appends on one of their own, since each of them waits for a sync),
/// except a few calls while the device is quick (DevicePace).
/// Failure: after a failed append the log may have the batch or not; nothing more is written. The same goes for a
/// failure in the background. What the log has is brought into RocksDB by the next opening.
/// See: docs/design/drive-index.md.
/// </remarks>
internal sealed class RocksDbIndex : IDriveIndex
{
    // A value moves to another pack once in a long while: not twice within a read.
    private const int MaxMoves = 3;

    private readonly RocksDbHandle _handle;
    private readonly PackStore _packs;
    private readonly RocksDbBuffer _buffer;
    private readonly IndexLog _log;
    private readonly List<IndexChange>? _unstored;
    private readonly long _bufferBytes;
    private readonly DriveThreads _threads;
    private readonly DriveThreads _writeThread;
    private readonly DevicePace _readPace = DevicePace.ForReads();
    private readonly DevicePace _writePace = new(limit: 1);
    private readonly TaskCompletionSource _closed;
    private Task _drain = Task.CompletedTask;
    private Task _checkpoint = Task.CompletedTask;
    private volatile DriveIoException? _failure;
    private int _isDisposed;

    private RocksDbIndex(RocksDbOpening opening, DriveThreads threads, DriveThreads writeThread, TaskCompletionSource closed)
    {
        _handle = opening.Handle;
        _packs = opening.Packs;
        _buffer = opening.Buffer;
        _log = opening.Log;
        _unstored = opening.Unstored;
        WasLossy = opening.WasLossy;
        _bufferBytes = opening.Sizes.BufferBytes;
        _threads = threads;
        _writeThread = writeThread;
        _closed = closed;
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
            handle.Close();
            closed.SetResult();
        });

        try
        {
            RocksDbOpening opening = await writeThread.RunAsync(() => RocksDbOpening.Run(settings, WhenUnused));
            return new RocksDbIndex(opening, threads, writeThread, closed);
        }
        catch
        {
            writeThread.Dispose();
            throw;
        }
    }

    public ValueTask<byte[]?> GetAsync(IndexFamily family, ReadOnlyMemory<byte> key)
    {
        DemandOpen();
        if (_buffer.TryGet(family, key, out byte[]? value))
        {
            return ValueTask.FromResult(value);
        }

        if (_readPace.TryEnter())
        {
            return ValueTask.FromResult(GetHere(family, key.Span));
        }

        return TryGet(family, key.Span, BlockUse.OnlyCached, out value)
            ? ValueTask.FromResult(value)
            : new ValueTask<byte[]?>(GetOnThreadAsync(family, key));
    }

    public async ValueTask<byte[]?[]> GetManyAsync(IndexFamily family, IReadOnlyList<ReadOnlyMemory<byte>> keys)
    {
        DemandOpen();
        byte[]?[] values = new byte[]?[keys.Count];
        List<int> absent = new(keys.Count);
        for (int i = 0; i < keys.Count; i++)
        {
            if (!_buffer.TryGet(family, keys[i], out values[i]))
            {
                absent.Add(i);
            }
        }

        if (absent.Count == 0)
        {
            return values;
        }

        if (!_readPace.TryEnter())
        {
            await FillOnThreadAsync(family, keys, values, absent);
            return values;
        }

        long started = Stopwatch.GetTimestamp();
        try
        {
            Fill(family, keys, BlockUse.NotKept, values, absent);
            return values;
        }
        finally
        {
            _readPace.Exit(started, absent.Count);
        }
    }

    public async ValueTask WriteAsync(IndexBatch batch)
    {
        if (_failure is { } failure)
        {
            throw new DriveIoException(
                failure.Fault == DriveFault.Full ? DriveFault.Full : DriveFault.Poisoned,
                "An earlier write to the index failed: " + failure.Message,
                failure);
        }

        int size = LogRecord.SizeOf(batch);
        byte[] record = ArrayPool<byte>.Shared.Rent(size);
        LogRecord.Encode(batch, _log.NextSequence, record.AsSpan(0, size));
        try
        {
            if (_writePace.TryEnter())
            {
                AppendHere(record.AsSpan(0, size));
            }
            else
            {
                await AppendOnThreadAsync(record.AsMemory(0, size));
            }
        }
        catch (DriveIoException e)
        {
            _failure = e;
            throw;
        }

        _buffer.Add(record, size);
        await MakeRoomAsync();
    }

    public IIndexCursor OpenCursor(IndexFamily family, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper)
    {
        DemandOpen();
        if (_unstored is { } changes)
        {
            return new OverlaidCursor(
                OpenStored(null, family, lower, upper), changes, family, lower.ToArray(), upper.ToArray());
        }

        DrainForCursor();
        return OpenStored(null, family, lower, upper);
    }

    public (IIndexCursor First, IIndexCursor Second) OpenCursors(IndexRange first, IndexRange second)
    {
        DemandOpen();
        if (_unstored is not null)
        {
            // Nothing changes, so any two views are the same.
            return (OpenCursor(first.Family, first.Lower.Span, first.Upper.Span),
                OpenCursor(second.Family, second.Lower.Span, second.Upper.Span));
        }

        DrainForCursor();
        _handle.Enter();
        try
        {
            RocksDbSnapshot snapshot = new(_handle);
            return (
                OpenStored(snapshot, first.Family, first.Lower.Span, first.Upper.Span),
                OpenStored(snapshot, second.Family, second.Lower.Span, second.Upper.Span));
        }
        finally
        {
            _handle.Exit();
        }
    }

    public ValueTask ScanAsync(Action work) => new(_threads.RunAsync(work));

    /// <summary>Brings everything into RocksDB, and closes the database once its last reader is done.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _drain;
        await _checkpoint;
        if (_failure is null && _unstored is null)
        {
            // What fails here is in the log, and the next opening meets it again.
            await _writeThread.RunAsync(() => TryInBackground(() =>
            {
                _buffer.Drain();
                long[] emptied = _packs.TakeEmptied();
                _handle.Flush();
                _log.DropAll();
                _packs.Drop(emptied);
            }));
        }

        _handle.BeginClose();
        await _closed.Task;
        _writeThread.Dispose();
        _log.Dispose();
        _packs.Dispose();
    }

    /// <summary>A row of RocksDB, with its value from its pack if it is there.</summary>
    /// <returns>False when the answer is not in memory.</returns>
    private bool TryGet(IndexFamily family, ReadOnlySpan<byte> key, BlockUse use, out byte[]? value)
    {
        if (family != IndexFamily.Shards)
        {
            return _handle.TryGet(family, key, use, out value);
        }

        PackPlace place = default;
        for (int i = 0; i < MaxMoves; i++)
        {
            if (i != 0 || !_packs.Places.TryFind(key, out place))
            {
                int stamp = _packs.Places.StampOf(key);
                if (!_handle.TryGet(family, key, use, out value))
                {
                    return false;
                }

                if (value is null || !PackPlace.TryDecode(value, out place))
                {
                    return true;
                }

                _packs.Places.Offer(key, place, stamp);
            }

            if (use != BlockUse.OnlyCached)
            {
                value = _packs.TryRead(place);
            }
            else if (!_packs.TryReadCached(place, out value))
            {
                return false;
            }

            if (value is not null)
            {
                return true;
            }
        }

        throw new DriveIoException(DriveFault.Corrupt, $"Pack {place.Pack} is gone.") { IsOfIndex = true };
    }

    private Task FillOnThreadAsync(
        IndexFamily family, IReadOnlyList<ReadOnlyMemory<byte>> keys, byte[]?[] values, List<int> absent) =>
        _threads.RunAsync(() =>
        {
            long started = Stopwatch.GetTimestamp();
            Fill(family, keys, BlockUse.Kept, values, absent);
            _readPace.Record(started, absent.Count);
        });

    private void Fill(
        IndexFamily family, IReadOnlyList<ReadOnlyMemory<byte>> keys, BlockUse use, byte[]?[] values, List<int> absent)
    {
        ReadOnlySpan<ReadOnlyMemory<byte>> wanted = [.. absent.Select(i => keys[i])];
        byte[]?[] found = new byte[]?[wanted.Length];
        for (int first = 0; first < wanted.Length; first += RocksDbHandle.MostAtOnce)
        {
            int count = Math.Min(RocksDbHandle.MostAtOnce, wanted.Length - first);
            _handle.GetMany(family, wanted.Slice(first, count), use, found.AsSpan(first, count));
        }

        for (int i = 0; i < found.Length; i++)
        {
            values[absent[i]] = found[i];
            if (family == IndexFamily.Shards && found[i] is { } row && PackPlace.TryDecode(row, out _))
            {
                TryGet(family, wanted[i].Span, use, out values[absent[i]]);
            }
        }
    }

    // With the value of shards, whose rows have its place.
    private IIndexCursor OpenStored(
        RocksDbSnapshot? snapshot, IndexFamily family, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper)
    {
        if (family != IndexFamily.Shards)
        {
            return new RocksDbCursor(_handle, snapshot, family, lower, upper);
        }

        _packs.Pin();
        try
        {
            return new PackedCursor(new RocksDbCursor(_handle, snapshot, family, lower, upper), _packs);
        }
        catch
        {
            _packs.Unpin();
            throw;
        }
    }

    private void DemandOpen()
    {
        if (Volatile.Read(ref _isDisposed) != 0)
        {
            throw RocksDbHandle.Closed();
        }
    }

    private byte[]? GetHere(IndexFamily family, ReadOnlySpan<byte> key)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            TryGet(family, key, BlockUse.NotKept, out byte[]? value);
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
        TryGet(family, key.Span, BlockUse.Kept, out byte[]? value);
        _readPace.Record(started);
        return value;
    });

    private void AppendHere(ReadOnlySpan<byte> record)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            _log.Append(record);
        }
        finally
        {
            _writePace.Exit(started);
        }
    }

    private Task AppendOnThreadAsync(ReadOnlyMemory<byte> record) => _writeThread.RunAsync(() =>
    {
        long started = Stopwatch.GetTimestamp();
        _log.Append(record.Span);
        _writePace.Record(started);
    });

    private async ValueTask MakeRoomAsync()
    {
        if (_buffer.SizeBytes >= _bufferBytes)
        {
            // Two buffers at most: while one is drained the other one fills.
            await _drain;
            _drain = _writeThread.RunAsync(() => TryInBackground(() =>
            {
                _buffer.Drain();
                _buffer.Collect();
            }));
        }

        if (_log.HasOlder && _checkpoint.IsCompleted)
        {
            _checkpoint = CheckpointAsync(_log.Newest);
        }
    }

    /// <summary>Has RocksDB make durable what is in the files of the log before the newest, and drops them.</summary>
    private async Task CheckpointAsync(long newest)
    {
        await _writeThread.RunAsync(() => TryInBackground(_buffer.Drain));
        if (_failure is null)
        {
            // Not on the thread of the appends, which must not wait for this.
            await _threads.RunAsync(() => TryInBackground(() =>
            {
                long[] emptied = _packs.TakeEmptied();
                _handle.Flush();
                _log.DropBefore(newest);
                _packs.Drop(emptied);
            }));
        }
    }

    private void TryInBackground(Action work)
    {
        try
        {
            work();
        }
        catch (DriveIoException e)
        {
            _failure = e;
        }
    }

    // A cursor shows RocksDB alone.
    private void DrainForCursor()
    {
        try
        {
            _buffer.Drain();
        }
        catch (DriveIoException e) when (e.Fault != DriveFault.Offline)
        {
            _failure = e;
            throw;
        }
    }
}
