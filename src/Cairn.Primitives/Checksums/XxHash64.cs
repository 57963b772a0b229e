using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Cairn.Primitives.Checksums.Xxh3;

namespace Cairn.Primitives.Checksums;

/// <summary>XXH64 of the xxHash family, without a seed: S3's XXHASH64.</summary>
/// <remarks>Invariants: fewer than 32 bytes are pending between calls. Concurrency: one caller at a time.</remarks>
public sealed class XxHash64
{
    /// <summary>Bytes of <see cref="WriteDigest"/>.</summary>
    public const int DigestSize = sizeof(ulong);

    private const int StripeSize = 32;

    private ulong _lane0;
    private ulong _lane1;
    private ulong _lane2;
    private ulong _lane3;
    private Stripe _stripe;
    private int _pendingSize;
    private ulong _length;

    public XxHash64() => Reset();

    /// <summary>The checksum of everything appended so far.</summary>
    public ulong Value => Finish();

    private Span<byte> Pending => _stripe;

    public static ulong Compute(ReadOnlySpan<byte> source)
    {
        var hash = new XxHash64();
        hash.Append(source);
        return hash.Value;
    }

    public void Append(ReadOnlySpan<byte> source)
    {
        _length += (ulong)source.Length;
        if (_pendingSize > 0)
        {
            var taken = int.Min(StripeSize - _pendingSize, source.Length);
            source[..taken].CopyTo(Pending[_pendingSize..]);
            source = source[taken..];
            _pendingSize += taken;
            if (_pendingSize < StripeSize)
            {
                return;
            }

            AddStripes(Pending);
        }

        var wholeSize = source.Length / StripeSize * StripeSize;
        AddStripes(source[..wholeSize]);
        source = source[wholeSize..];
        source.CopyTo(Pending);
        _pendingSize = source.Length;
    }

    /// <summary>Starts a new message.</summary>
    public void Reset()
    {
        _lane0 = unchecked(XxhPrimes.Prime1 + XxhPrimes.Prime2);
        _lane1 = XxhPrimes.Prime2;
        _lane2 = 0;
        _lane3 = unchecked(0 - XxhPrimes.Prime1);
        _pendingSize = 0;
        _length = 0;
    }

    /// <summary>Writes the checksum big-endian, the canonical form of the family.</summary>
    public void WriteDigest(Span<byte> target) => BinaryPrimitives.WriteUInt64BigEndian(target, Value);

    private void AddStripes(ReadOnlySpan<byte> stripes)
    {
        var (lane0, lane1, lane2, lane3) = (_lane0, _lane1, _lane2, _lane3);
        for (; stripes.Length >= StripeSize; stripes = stripes[StripeSize..])
        {
            lane0 = Round(lane0, XxhPrimes.Read64(stripes, 0));
            lane1 = Round(lane1, XxhPrimes.Read64(stripes, 8));
            lane2 = Round(lane2, XxhPrimes.Read64(stripes, 16));
            lane3 = Round(lane3, XxhPrimes.Read64(stripes, 24));
        }

        (_lane0, _lane1, _lane2, _lane3) = (lane0, lane1, lane2, lane3);
    }

    private ulong Finish()
    {
        var hash = XxhPrimes.Prime5;
        if (_length >= StripeSize)
        {
            hash = BitOperations.RotateLeft(_lane0, 1) + BitOperations.RotateLeft(_lane1, 7) +
                BitOperations.RotateLeft(_lane2, 12) + BitOperations.RotateLeft(_lane3, 18);
            hash = Merge(Merge(Merge(Merge(hash, _lane0), _lane1), _lane2), _lane3);
        }

        hash += _length;
        ReadOnlySpan<byte> rest = Pending[.._pendingSize];
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            hash ^= Round(0, XxhPrimes.Read64(rest, 0));
            hash = BitOperations.RotateLeft(hash, 27) * XxhPrimes.Prime1 + XxhPrimes.Prime4;
        }

        if (rest.Length >= sizeof(uint))
        {
            hash ^= XxhPrimes.Read32(rest, 0) * XxhPrimes.Prime1;
            hash = BitOperations.RotateLeft(hash, 23) * XxhPrimes.Prime2 + XxhPrimes.Prime3;
            rest = rest[sizeof(uint)..];
        }

        foreach (var value in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (value * XxhPrimes.Prime5), 11) * XxhPrimes.Prime1;
        }

        return XxhPrimes.Avalanche64(hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Round(ulong lane, ulong value) =>
        BitOperations.RotateLeft(lane + value * XxhPrimes.Prime2, 31) * XxhPrimes.Prime1;

    private static ulong Merge(ulong hash, ulong lane) =>
        (hash ^ Round(0, lane)) * XxhPrimes.Prime1 + XxhPrimes.Prime4;

    [InlineArray(StripeSize)]
    private struct Stripe
    {
        private byte _first;
    }
}
