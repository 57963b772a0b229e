using System.Buffers.Binary;
using System.Numerics;

namespace Cairn.Primitives.Checksums.Xxh3;

/// <summary>Constants and finishing steps that the xxHash family shares.</summary>
/// <remarks>See: Collet, "xxHash fast digest algorithm", specification 0.2.0.</remarks>
internal static class XxhPrimes
{
    public const uint Small1 = 0x9E3779B1;
    public const uint Small2 = 0x85EBCA77;
    public const uint Small3 = 0xC2B2AE3D;
    public const ulong Prime1 = 0x9E3779B185EBCA87;
    public const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    public const ulong Prime3 = 0x165667B19E3779F9;
    public const ulong Prime4 = 0x85EBCA77C2B2AE63;
    public const ulong Prime5 = 0x27D4EB2F165667C5;
    public const ulong Mix1 = 0x165667919E3779F9;
    public const ulong Mix2 = 0x9FB21C651E98DF25;

    public static uint Read32(ReadOnlySpan<byte> source, int at) => BinaryPrimitives.ReadUInt32LittleEndian(source[at..]);

    public static ulong Read64(ReadOnlySpan<byte> source, int at) => BinaryPrimitives.ReadUInt64LittleEndian(source[at..]);

    /// <summary>The avalanche of XXH64.</summary>
    public static ulong Avalanche64(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    /// <summary>The shorter avalanche of XXH3.</summary>
    public static ulong Avalanche3(ulong hash)
    {
        hash = (hash ^ (hash >> 37)) * Mix1;
        return hash ^ (hash >> 32);
    }

    /// <summary>XXH3's avalanche for 4 to 8 bytes.</summary>
    public static ulong AvalancheShort(ulong hash, int length)
    {
        hash ^= BitOperations.RotateLeft(hash, 49) ^ BitOperations.RotateLeft(hash, 24);
        hash *= Mix2;
        hash = (hash ^ ((hash >> 35) + (ulong)length)) * Mix2;
        return hash ^ (hash >> 28);
    }

    public static ulong MultiplyFold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return low ^ high;
    }
}
