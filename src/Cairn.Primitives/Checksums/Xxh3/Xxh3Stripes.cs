using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cairn.Primitives.Checksums.Xxh3;

/// <summary>The eight accumulators that XXH3 runs over messages of more than 240 bytes.</summary>
[InlineArray(Count)]
internal struct Xxh3Stripes
{
    public const int StripeSize = 64;
    public const int BlockSize = StripesPerBlock * StripeSize;

    private const int Count = 8;
    private const int StripesPerBlock = (Xxh3Secret.Size - StripeSize) / Xxh3Secret.StripeStep;

    private ulong _first;

    public static Xxh3Stripes Start()
    {
        Xxh3Stripes stripes = default;
        ReadOnlySpan<ulong> start =
        [
            XxhPrimes.Small3, XxhPrimes.Prime1, XxhPrimes.Prime2, XxhPrimes.Prime3,
            XxhPrimes.Prime4, XxhPrimes.Small2, XxhPrimes.Prime5, XxhPrimes.Small1,
        ];
        start.CopyTo(stripes);
        return stripes;
    }

    /// <summary>Takes a whole block and stirs the accumulators.</summary>
    public void AddBlock(ReadOnlySpan<byte> block)
    {
        AddStripes(block[..BlockSize]);
        for (var lane = 0; lane < Count; lane++)
        {
            var mixed = this[lane] ^ (this[lane] >> 47) ^
                XxhPrimes.Read64(Xxh3Secret.Bytes, Xxh3Secret.Scramble + lane * sizeof(ulong));
            this[lane] = mixed * XxhPrimes.Small1;
        }
    }

    /// <summary>Takes the last, incomplete block (1 byte to a whole block).</summary>
    /// <param name="block">The bytes since the last whole block.</param>
    /// <param name="lastStripe">The last 64 bytes of the message, which may reach back into the block before.</param>
    public void AddLast(ReadOnlySpan<byte> block, ReadOnlySpan<byte> lastStripe)
    {
        AddStripes(block[..((block.Length - 1) / StripeSize * StripeSize)]);
        AddStripe(lastStripe, Xxh3Secret.Bytes[Xxh3Secret.LastStripe..]);
    }

    public readonly ulong Merge(int secretOffset, ulong start)
    {
        var secret = Xxh3Secret.Bytes[secretOffset..];
        for (var lane = 0; lane < Count; lane += 2)
        {
            start += XxhPrimes.MultiplyFold(
                this[lane] ^ XxhPrimes.Read64(secret, lane * sizeof(ulong)),
                this[lane + 1] ^ XxhPrimes.Read64(secret, (lane + 1) * sizeof(ulong)));
        }

        return XxhPrimes.Avalanche3(start);
    }

    internal void AddStripesByScalar(ReadOnlySpan<byte> stripes)
    {
        for (var secret = Xxh3Secret.Bytes; stripes.Length > 0; stripes = stripes[StripeSize..])
        {
            AddStripe(stripes, secret);
            secret = secret[Xxh3Secret.StripeStep..];
        }
    }

    internal void AddStripesByAvx2(ReadOnlySpan<byte> stripes)
    {
        Span<ulong> lanes = this;
        var low = Vector256.Create<ulong>(lanes[..4]);
        var high = Vector256.Create<ulong>(lanes[4..]);
        ref var source = ref MemoryMarshal.GetReference(stripes);
        ref var secret = ref MemoryMarshal.GetReference(Xxh3Secret.Bytes);
        var count = stripes.Length / StripeSize;
        for (var stripe = 0; stripe < count; stripe++)
        {
            low = Accumulate(low, ref source, ref secret);
            high = Accumulate(high, ref Unsafe.Add(ref source, 32), ref Unsafe.Add(ref secret, 32));
            source = ref Unsafe.Add(ref source, StripeSize);
            secret = ref Unsafe.Add(ref secret, Xxh3Secret.StripeStep);
        }

        low.CopyTo(lanes);
        high.CopyTo(lanes[4..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Accumulate(Vector256<ulong> lanes, ref byte source, ref byte secret)
    {
        var value = Vector256.LoadUnsafe(ref source).AsUInt64();
        var keyed = value ^ Vector256.LoadUnsafe(ref secret).AsUInt64();
        var swapped = Avx2.Shuffle(value.AsUInt32(), 0x4E).AsUInt64();
        return lanes + swapped + Avx2.Multiply(keyed.AsUInt32(), (keyed >>> 32).AsUInt32());
    }

    private void AddStripes(ReadOnlySpan<byte> stripes)
    {
        if (Avx2.IsSupported)
        {
            AddStripesByAvx2(stripes);
        }
        else
        {
            AddStripesByScalar(stripes);
        }
    }

    private void AddStripe(ReadOnlySpan<byte> stripe, ReadOnlySpan<byte> secret)
    {
        for (var lane = 0; lane < Count; lane++)
        {
            var value = BinaryPrimitives.ReadUInt64LittleEndian(stripe[(lane * sizeof(ulong))..]);
            var keyed = value ^ BinaryPrimitives.ReadUInt64LittleEndian(secret[(lane * sizeof(ulong))..]);
            this[lane ^ 1] += value;
            this[lane] += (uint)keyed * (keyed >> 32);
        }
    }
}
