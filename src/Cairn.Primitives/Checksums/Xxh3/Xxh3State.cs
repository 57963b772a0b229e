using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Cairn.Primitives.Checksums.Xxh3;

/// <summary>XXH3 of a message that arrives in pieces; both of its digests come from the same state.</summary>
/// <remarks>
/// Invariants: the end of a message is treated differently from its middle, so a block is taken only when a byte
/// behind it is known: between calls 1 to 1,024 bytes are pending (none only at the very start). The 64 bytes before
/// the pending ones are kept, because the last stripe of a message may begin in them.
/// </remarks>
internal struct Xxh3State
{
    private Buffer _buffer;
    private Xxh3Stripes _stripes;
    private int _pendingSize;
    private ulong _length;

    public Xxh3State() => _stripes = Xxh3Stripes.Start();

    public readonly ulong Digest64() => _length <= Xxh3Short.MaxSize
        ? Xxh3Short.Hash64(Pending)
        : FinishedStripes().Merge(Xxh3Secret.MergeLow, _length * XxhPrimes.Prime1);

    public readonly UInt128 Digest128()
    {
        if (_length <= Xxh3Short.MaxSize)
        {
            return Xxh3Short.Hash128(Pending);
        }

        var stripes = FinishedStripes();
        return new(
            stripes.Merge(Xxh3Secret.MergeHigh, ~(_length * XxhPrimes.Prime2)),
            stripes.Merge(Xxh3Secret.MergeLow, _length * XxhPrimes.Prime1));
    }

    public void Append(ReadOnlySpan<byte> source)
    {
        _length += (ulong)source.Length;
        var room = Xxh3Stripes.BlockSize - _pendingSize;
        if (source.Length > room)
        {
            source[..room].CopyTo(PendingRoom[_pendingSize..]);
            source = source[room..];
            TakeBlock(PendingRoom);
            for (; source.Length > Xxh3Stripes.BlockSize; source = source[Xxh3Stripes.BlockSize..])
            {
                TakeBlock(source[..Xxh3Stripes.BlockSize]);
            }

            _pendingSize = 0;
        }

        source.CopyTo(PendingRoom[_pendingSize..]);
        _pendingSize += source.Length;
    }

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> Pending =>
        ((ReadOnlySpan<byte>)_buffer).Slice(Xxh3Stripes.StripeSize, _pendingSize);

    [UnscopedRef]
    private Span<byte> PendingRoom => ((Span<byte>)_buffer)[Xxh3Stripes.StripeSize..];

    private void TakeBlock(ReadOnlySpan<byte> block)
    {
        _stripes.AddBlock(block);
        block[^Xxh3Stripes.StripeSize..].CopyTo(_buffer);
    }

    private readonly Xxh3Stripes FinishedStripes()
    {
        var stripes = _stripes;
        stripes.AddLast(Pending, ((ReadOnlySpan<byte>)_buffer).Slice(_pendingSize, Xxh3Stripes.StripeSize));
        return stripes;
    }

    [InlineArray(Xxh3Stripes.StripeSize + Xxh3Stripes.BlockSize)]
    private struct Buffer
    {
        private byte _first;
    }
}
