using System.Buffers.Binary;
using System.Numerics;

namespace Cairn.Primitives.Checksums.Xxh3;

/// <summary>XXH3 of messages of up to 240 bytes: a function of its own for each range of lengths.</summary>
internal static class Xxh3Short
{
    public const int MaxSize = 240;

    private const int MixSize = 16;

    private static ReadOnlySpan<byte> Secret => Xxh3Secret.Bytes;

    public static ulong Hash64(ReadOnlySpan<byte> source) => source.Length switch
    {
        0 => XxhPrimes.Avalanche64(SecretPair(56)),
        <= 3 => XxhPrimes.Avalanche64(Spread(source) ^ SecretPair32(0)),
        <= 8 => Hash64Of4To8(source),
        <= 16 => Hash64Of9To16(source),
        <= 128 => Hash64Of17To128(source),
        _ => Hash64Of129To240(source),
    };

    public static UInt128 Hash128(ReadOnlySpan<byte> source) => source.Length switch
    {
        0 => new(XxhPrimes.Avalanche64(SecretPair(80)), XxhPrimes.Avalanche64(SecretPair(64))),
        <= 3 => Hash128Of1To3(source),
        <= 8 => Hash128Of4To8(source),
        <= 16 => Hash128Of9To16(source),
        <= 128 => Hash128Of17To128(source),
        _ => Hash128Of129To240(source),
    };

    private static ulong Hash64Of4To8(ReadOnlySpan<byte> source)
    {
        ulong first = XxhPrimes.Read32(source, 0);
        ulong last = XxhPrimes.Read32(source, source.Length - 4);
        return XxhPrimes.AvalancheShort((last + (first << 32)) ^ SecretPair(8), source.Length);
    }

    private static ulong Hash64Of9To16(ReadOnlySpan<byte> source)
    {
        var low = XxhPrimes.Read64(source, 0) ^ SecretPair(24);
        var high = XxhPrimes.Read64(source, source.Length - 8) ^ SecretPair(40);
        return XxhPrimes.Avalanche3((ulong)source.Length + BinaryPrimitives.ReverseEndianness(low) + high +
            XxhPrimes.MultiplyFold(low, high));
    }

    private static ulong Hash64Of17To128(ReadOnlySpan<byte> source)
    {
        var sum = (ulong)source.Length * XxhPrimes.Prime1;
        for (var pair = (source.Length - 1) / (2 * MixSize); pair >= 0; pair--)
        {
            sum += Mix(source, pair * MixSize, 2 * pair * MixSize);
            sum += Mix(source, source.Length - (pair + 1) * MixSize, (2 * pair + 1) * MixSize);
        }

        return XxhPrimes.Avalanche3(sum);
    }

    private static ulong Hash64Of129To240(ReadOnlySpan<byte> source)
    {
        const int FirstRounds = 8;
        var sum = (ulong)source.Length * XxhPrimes.Prime1;
        for (var round = 0; round < FirstRounds; round++)
        {
            sum += Mix(source, round * MixSize, round * MixSize);
        }

        sum = XxhPrimes.Avalanche3(sum);
        for (var round = FirstRounds; round < source.Length / MixSize; round++)
        {
            sum += Mix(source, round * MixSize, (round - FirstRounds) * MixSize + Xxh3Secret.MediumStart);
        }

        return XxhPrimes.Avalanche3(sum + Mix(source, source.Length - MixSize, Xxh3Secret.MediumEnd));
    }

    private static UInt128 Hash128Of1To3(ReadOnlySpan<byte> source)
    {
        var spread = Spread(source);
        var turned = BitOperations.RotateLeft(BinaryPrimitives.ReverseEndianness(spread), 13);
        return new(XxhPrimes.Avalanche64(turned ^ SecretPair32(8)), XxhPrimes.Avalanche64(spread ^ SecretPair32(0)));
    }

    private static UInt128 Hash128Of4To8(ReadOnlySpan<byte> source)
    {
        ulong first = XxhPrimes.Read32(source, 0);
        ulong last = XxhPrimes.Read32(source, source.Length - 4);
        var keyed = (first + (last << 32)) ^ SecretPair(16);
        var high = Math.BigMul(keyed, XxhPrimes.Prime1 + ((ulong)source.Length << 2), out var low);
        high += low << 1;
        low ^= high >> 3;
        low = (low ^ (low >> 35)) * XxhPrimes.Mix2;
        return new(XxhPrimes.Avalanche3(high), low ^ (low >> 28));
    }

    private static UInt128 Hash128Of9To16(ReadOnlySpan<byte> source)
    {
        var first = XxhPrimes.Read64(source, 0);
        var last = XxhPrimes.Read64(source, source.Length - 8);
        var high = Math.BigMul(first ^ last ^ SecretPair(32), XxhPrimes.Prime1, out var low);
        low += (ulong)(source.Length - 1) << 54;
        last ^= SecretPair(48);
        high += last + (ulong)(uint)last * (XxhPrimes.Small2 - 1);
        low ^= BinaryPrimitives.ReverseEndianness(high);
        var productHigh = Math.BigMul(low, XxhPrimes.Prime2, out var productLow);
        productHigh += high * XxhPrimes.Prime2;
        return new(XxhPrimes.Avalanche3(productHigh), XxhPrimes.Avalanche3(productLow));
    }

    private static UInt128 Hash128Of17To128(ReadOnlySpan<byte> source)
    {
        var low = (ulong)source.Length * XxhPrimes.Prime1;
        ulong high = 0;
        for (var pair = (source.Length - 1) / (2 * MixSize); pair >= 0; pair--)
        {
            MixPair(source, pair * MixSize, source.Length - (pair + 1) * MixSize, 2 * pair * MixSize, ref low, ref high);
        }

        return Finish128(low, high, source.Length);
    }

    private static UInt128 Hash128Of129To240(ReadOnlySpan<byte> source)
    {
        const int FirstSize = 128;
        const int PairSize = 2 * MixSize;
        var low = (ulong)source.Length * XxhPrimes.Prime1;
        ulong high = 0;
        var at = 0;
        for (; at < FirstSize; at += PairSize)
        {
            MixPair(source, at, at + MixSize, at, ref low, ref high);
        }

        low = XxhPrimes.Avalanche3(low);
        high = XxhPrimes.Avalanche3(high);
        for (; at + PairSize <= source.Length; at += PairSize)
        {
            MixPair(source, at, at + MixSize, at - FirstSize + Xxh3Secret.MediumStart, ref low, ref high);
        }

        MixPair(source, source.Length - MixSize, source.Length - PairSize, Xxh3Secret.MediumEnd - MixSize, ref low, ref high);
        return Finish128(low, high, source.Length);
    }

    private static UInt128 Finish128(ulong low, ulong high, int length)
    {
        var mixed = low * XxhPrimes.Prime1 + high * XxhPrimes.Prime4 + (ulong)length * XxhPrimes.Prime2;
        return new(0 - XxhPrimes.Avalanche3(mixed), XxhPrimes.Avalanche3(low + high));
    }

    private static void MixPair(
        ReadOnlySpan<byte> source, int first, int second, int secret, ref ulong low, ref ulong high)
    {
        low += Mix(source, first, secret);
        low ^= XxhPrimes.Read64(source, second) + XxhPrimes.Read64(source, second + 8);
        high += Mix(source, second, secret + MixSize);
        high ^= XxhPrimes.Read64(source, first) + XxhPrimes.Read64(source, first + 8);
    }

    private static ulong Mix(ReadOnlySpan<byte> source, int at, int secret) => XxhPrimes.MultiplyFold(
        XxhPrimes.Read64(source, at) ^ XxhPrimes.Read64(Secret, secret),
        XxhPrimes.Read64(source, at + 8) ^ XxhPrimes.Read64(Secret, secret + 8));

    private static uint Spread(ReadOnlySpan<byte> source) =>
        ((uint)source[0] << 16) | ((uint)source[source.Length >> 1] << 24) | source[^1] | ((uint)source.Length << 8);

    private static ulong SecretPair(int at) => XxhPrimes.Read64(Secret, at) ^ XxhPrimes.Read64(Secret, at + 8);

    private static uint SecretPair32(int at) => XxhPrimes.Read32(Secret, at) ^ XxhPrimes.Read32(Secret, at + 4);
}
