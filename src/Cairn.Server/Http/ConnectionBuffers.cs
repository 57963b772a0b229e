using System.Buffers;
using System.Runtime.InteropServices;

namespace Cairn.Server.Http;

/// <summary>The blocks that connections receive into and send from.</summary>
/// <remarks>
/// Purpose: a socket is read once for each block. Kestrel's own blocks of 4 KiB mean sixteen thousand system calls, and as
/// many chances to change threads, for a body of 64 MiB; and two of each for a body of 4 KiB behind its headers.
/// Invariants: a block is in the pool or with one owner, never both; an owner that is disposed twice does no harm.
/// Concurrency: any caller. Last in, first out, so that a block is still in the processor's cache when it is used again.
/// Failure: none; an empty pool makes new blocks, a full one leaves those that come back to the collector.
/// </remarks>
internal sealed class ConnectionBuffers : MemoryPool<byte>
{
    /// <summary>
    /// Of a block: large enough that the copying of its bytes outweighs the call, small enough for thousands of
    /// connections that each hold one.
    /// </summary>
    public const int BlockSize = 32 << 10;

    private const int MostIdle = 512;

    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _idle = new();
    private bool _isDisposed;

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return new Block(this, Take());
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _isDisposed = true;
            _idle.Clear();
        }
    }

    private byte[] Take()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out byte[]? block))
            {
                return block;
            }
        }

        // Pinned for good: the system reads and writes blocks while the collector runs.
        return GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);
    }

    private void TakeBack(byte[] block)
    {
        lock (_gate)
        {
            if (!_isDisposed && _idle.Count < MostIdle)
            {
                _idle.Push(block);
            }
        }
    }

    private sealed class Block(ConnectionBuffers pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => MemoryMarshal.CreateFromPinnedArray(
            _bytes ?? throw new ObjectDisposedException(nameof(Block)), 0, BlockSize);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } returned)
            {
                pool.TakeBack(returned);
            }
        }
    }
}
