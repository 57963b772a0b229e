using System.Buffers;
using Cairn.Cluster.Security;

namespace Cairn.Cluster.Transport.Sockets;

/// <summary>The sending half of a connection: gathers frames of many senders into few writes.</summary>
/// <remarks>
/// A sender that finds nobody writing has the pool write, and does not write itself: until the pool comes to it, others
/// have queued theirs, and the system call, which costs more than all the rest, is shared. With 64 calls in flight this
/// is a third of the processor time of writing at once.
/// Small frames that are written together are sealed together, as a bundle, once the other end is known to understand it:
/// sealing costs a microsecond beside what it costs for each byte, at both ends.
/// Invariants: frames are sealed in the order in which they are written; queued bytes stay below the limit and one frame.
/// Concurrency: any caller; one of them writes.
/// </remarks>
internal sealed class FrameOutbox(Stream stream, FrameSeal? seal, int maxQueuedBytes)
{
    // What goes into one write, and so the longest bundle. A larger frame is a write of its own.
    private const int BatchBytes = FrameInbox.MaxBundle;

    // A larger frame costs more to copy out of a bundle than a seal of its own does.
    private const int LargestBundled = 16 << 10;

    private readonly Lock _gate = new();
    private readonly Queue<Frame> _queue = new();

    // The writer's own, so that nobody who queues waits for the sealing.
    private readonly List<Frame> _taken = [];
    private byte[] _batch = ArrayPool<byte>.Shared.Rent(BatchBytes / 8);
    private TaskCompletionSource? _room;
    private long _queuedBytes;
    private bool _isWriting;
    private bool _isEnded;
    private volatile bool _isBundling;

    /// <summary>Told when a write fails.</summary>
    public required Action OnFailed { get; init; }

    /// <summary>Takes the frame over.</summary>
    /// <returns>False when the connection has ended.</returns>
    public async ValueTask<bool> SendAsync(Frame frame, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            if (TryQueue(frame, out bool isEnded))
            {
                return true;
            }

            lock (_gate)
            {
                if (isEnded || _isEnded)
                {
                    frame.Dispose();
                    return false;
                }

                if (_queuedBytes < maxQueuedBytes)
                {
                    continue;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            try
            {
                await room.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                frame.Dispose();
                throw;
            }
        }
    }

    /// <summary>Takes the frame over; false when there is no room, too.</summary>
    public bool TrySend(Frame frame)
    {
        if (TryQueue(frame, out _))
        {
            return true;
        }

        frame.Dispose();
        return false;
    }

    /// <summary>The other end takes bundles.</summary>
    public void BeginBundles() => _isBundling = seal is not null;

    /// <summary>Nothing more is sent.</summary>
    public void End()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _isEnded = true;
            while (_queue.TryDequeue(out Frame? frame))
            {
                frame.Dispose();
            }

            _queuedBytes = 0;
            room = _room;
            _room = null;
            if (!_isWriting)
            {
                ReturnBatch();
            }
        }

        room?.SetResult();
    }

    private bool TryQueue(Frame frame, out bool isEnded)
    {
        lock (_gate)
        {
            isEnded = _isEnded;
            if (_isEnded || _queuedBytes >= maxQueuedBytes)
            {
                return false;
            }

            _queue.Enqueue(frame);
            _queuedBytes += frame.Bytes.Length;
            if (_isWriting)
            {
                return true;
            }

            _isWriting = true;
        }

        _ = WriteAsync();
        return true;
    }

    private async Task WriteAsync()
    {
        try
        {
            do
            {
                await Task.Yield();

                // First, since it may replace the batch by a larger one.
                int length = FillBatch(Take());
                await stream.WriteAsync(_batch.AsMemory(0, length), CancellationToken.None);
            }
            while (!IsDone());
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            StopWriting();
            OnFailed();
        }
    }

    /// <summary>Takes what goes into the next write off the queue.</summary>
    /// <returns>How long it can be at most; 0 when the connection has ended meanwhile.</returns>
    private int Take()
    {
        int length = 0;
        TaskCompletionSource? room;
        lock (_gate)
        {
            while (_queue.TryPeek(out Frame? next) && (length == 0 || length + SizeOf(next) <= BatchBytes))
            {
                _taken.Add(_queue.Dequeue());
                _queuedBytes -= next.Bytes.Length;
                length += SizeOf(next);
            }

            room = _queuedBytes < maxQueuedBytes ? _room : null;
            _room = room is null ? _room : null;
        }

        room?.SetResult();
        return length;
    }

    /// <summary>Moves the frames that were taken into the batch, sealed.</summary>
    /// <returns>How long it is.</returns>
    private int FillBatch(int atMost)
    {
        if (_batch.Length < atMost)
        {
            ArrayPool<byte>.Shared.Return(_batch);
            _batch = ArrayPool<byte>.Shared.Rent(atMost);
        }

        int length = 0;
        for (int first = 0; first < _taken.Count;)
        {
            int count = CountBundled(first);
            length += count == 1
                ? Write(_taken[first], _batch.AsSpan(length))
                : WriteBundle(first, count, _batch.AsSpan(length));
            first += count;
        }

        _taken.ForEach(static frame => frame.Dispose());
        _taken.Clear();
        return length;
    }

    // 1: the frame goes out as it is.
    private int CountBundled(int first)
    {
        int count = 0;
        while (_isBundling && first + count < _taken.Count && _taken[first + count].Bytes.Length <= LargestBundled)
        {
            count++;
        }

        return Math.Max(1, count);
    }

    // Two frames need two tags, and a bundle of them one tag and one header of the same size: it is never longer.
    private int WriteBundle(int first, int count, Span<byte> target)
    {
        int length = Frame.HeaderSize;
        for (int i = first; i < first + count; i++)
        {
            _taken[i].Finish();
            ReadOnlySpan<byte> bytes = _taken[i].Bytes.Span;
            bytes.CopyTo(target[length..]);
            length += bytes.Length;
        }

        Span<byte> header = target[..Frame.HeaderSize];
        Frame.WriteBundleHeader(header, length - Frame.HeaderSize);
        seal!.Seal(header, target[Frame.HeaderSize..length], target[Frame.HeaderSize..(length + FrameSeal.TagSize)]);
        return length + FrameSeal.TagSize;
    }

    private bool IsDone()
    {
        lock (_gate)
        {
            if (_queue.Count > 0)
            {
                return false;
            }

            StopWriting();
            return true;
        }
    }

    private void StopWriting()
    {
        lock (_gate)
        {
            _isWriting = false;
            if (_isEnded)
            {
                ReturnBatch();
            }
        }
    }

    private int SizeOf(Frame frame) => frame.Bytes.Length + (seal is null ? 0 : FrameSeal.TagSize);

    private int Write(Frame frame, Span<byte> target)
    {
        frame.Finish();
        ReadOnlySpan<byte> bytes = frame.Bytes.Span;
        if (seal is null)
        {
            bytes.CopyTo(target);
            return bytes.Length;
        }

        ReadOnlySpan<byte> header = bytes[..Frame.HeaderSize];
        header.CopyTo(target);
        int size = SizeOf(frame);
        seal.Seal(header, bytes[Frame.HeaderSize..], target[Frame.HeaderSize..size]);
        return size;
    }

    private void ReturnBatch()
    {
        ArrayPool<byte>.Shared.Return(_batch);
        _batch = [];
        seal?.Dispose();
    }
}
