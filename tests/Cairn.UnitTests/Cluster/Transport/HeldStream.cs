namespace Cairn.UnitTests.Cluster.Transport;

/// <summary>A stream that keeps what is written, one write at a time, each until the test lets it end or breaks it.</summary>
internal sealed class HeldStream : Stream
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly List<byte[]> _writes = [];
    private TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<byte[]> Writes
    {
        get
        {
            lock (_gate)
            {
                return [.. _writes];
            }
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends when the next write is held.</summary>
    public Task WaitForWriteAsync(CancellationToken cancellationToken) => _begun.WaitAsync(cancellationToken);

    /// <summary>Ends the write that is held; the next one is held again.</summary>
    public void Release() => Next().SetResult();

    /// <summary>The write that is held fails.</summary>
    public void Break() => Next().SetException(new IOException("broken"));

    /// <summary>Lets everything pass until so many payloads of one size must be through, sealed in whatever way.</summary>
    public async Task WriteAllAsync(int frames, int size, CancellationToken cancellationToken)
    {
        while (Writes.Sum(write => write.Length) < frames * size)
        {
            await WaitForWriteAsync(cancellationToken);
            Release();
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Task held;
        lock (_gate)
        {
            _writes.Add(buffer.ToArray());
            held = _held.Task;
        }

        _begun.Release();
        await held;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _begun.Dispose();
        }

        base.Dispose(disposing);
    }

    private TaskCompletionSource Next()
    {
        lock (_gate)
        {
            TaskCompletionSource held = _held;
            _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return held;
        }
    }
}
