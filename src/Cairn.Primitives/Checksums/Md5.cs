using System.Runtime.CompilerServices;
using Cairn.Primitives.Checksums.Lanes;

namespace Cairn.Primitives.Checksums;

/// <summary>MD5 (RFC 1321) of one message that arrives in pieces: S3's ETag, not a security measure.</summary>
/// <remarks>
/// Purpose: unlike the platform's hash object, its state can enter and leave a group of lanes between two pieces
/// (<see cref="Md5Lanes"/>).
/// Invariants: fewer than 64 bytes are pending between calls; the message is the advanced blocks, then those.
/// Concurrency: one caller at a time.
/// </remarks>
public sealed class Md5
{
    public const int DigestSize = Md5State.DigestSize;

    private PendingBlock _pending;
    private int _pendingSize;
    private ulong _advancedSize;
    private Md5State _state = Md5State.Initial;

    internal ref Md5State State => ref _state;

    private Span<byte> PendingBytes => _pending;

    public static void HashData(ReadOnlySpan<byte> source, Span<byte> digest)
    {
        var state = Md5State.Initial;
        var wholeSize = Md5State.WholeBlocks(source.Length);
        state.Advance(source[..wholeSize]);
        state.Finish(source[wholeSize..], (ulong)source.Length, digest);
    }

    public void Append(ReadOnlySpan<byte> source)
    {
        source = source[FillPending(source)..];
        var wholeSize = Md5State.WholeBlocks(source.Length);
        _state.Advance(source[..wholeSize]);
        Advanced(wholeSize, source[wholeSize..]);
    }

    /// <summary>Writes the 16 bytes of the digest of everything appended so far; the message may go on.</summary>
    public void WriteDigest(Span<byte> digest)
    {
        var state = _state;
        state.Finish(PendingBytes[.._pendingSize], _advancedSize + (ulong)_pendingSize, digest);
    }

    /// <summary>Starts a new message.</summary>
    public void Reset()
    {
        _pendingSize = 0;
        _advancedSize = 0;
        _state = Md5State.Initial;
    }

    /// <summary>Completes the pending block, if there is one; returns how many bytes that took.</summary>
    internal int FillPending(ReadOnlySpan<byte> source)
    {
        if (_pendingSize == 0)
        {
            return 0;
        }

        var taken = int.Min(source.Length, Md5State.BlockSize - _pendingSize);
        source[..taken].CopyTo(PendingBytes[_pendingSize..]);
        _pendingSize += taken;
        if (_pendingSize == Md5State.BlockSize)
        {
            _state.Advance(PendingBytes);
            _advancedSize += Md5State.BlockSize;
            _pendingSize = 0;
        }

        return taken;
    }

    /// <summary>Notes that the state has taken whole blocks, and keeps the incomplete one behind them.</summary>
    internal void Advanced(int wholeSize, ReadOnlySpan<byte> rest)
    {
        _advancedSize += (ulong)wholeSize;
        if (rest.Length > 0)
        {
            rest.CopyTo(PendingBytes);
            _pendingSize = rest.Length;
        }
    }

    [InlineArray(Md5State.BlockSize)]
    private struct PendingBlock
    {
        private byte _first;
    }
}
