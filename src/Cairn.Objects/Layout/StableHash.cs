using System.Buffers.Binary;
using System.Numerics;

namespace Cairn.Objects.Layout;

/// <summary>XXH64: the hash that places keys. Its results are on disks for ever, so it may never change.</summary>
/// <remarks>See: Collet, "XXH64 algorithm description", version 0.1.1. The tests hold its published vectors.</remarks>
internal static class StableHash
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    public static ulong Compute(ReadOnlySpan<byte> bytes, ulong seed)
    {
        unchecked
        {
            ulong hash = bytes.Length >= 32 ? ConsumeBlocks(ref bytes, seed, out ulong total) + total : seed + Prime5 + (ulong)bytes.Length;
            while (bytes.Length >= 8)
            {
                hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
                bytes = bytes[8..];
            }

            if (bytes.Length >= 4)
            {
                hash ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes) * Prime1;
                hash = (BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3;
                bytes = bytes[4..];
            }

            foreach (byte value in bytes)
            {
                hash ^= value * Prime5;
                hash = BitOperations.RotateLeft(hash, 11) * Prime1;
            }

            hash = (hash ^ (hash >> 33)) * Prime2;
            hash = (hash ^ (hash >> 29)) * Prime3;
            return hash ^ (hash >> 32);
        }
    }

    private static ulong ConsumeBlocks(ref ReadOnlySpan<byte> bytes, ulong seed, out ulong length)
    {
        unchecked
        {
            length = (ulong)bytes.Length;
            ulong a = seed + Prime1 + Prime2;
            ulong b = seed + Prime2;
            ulong c = seed;
            ulong d = seed - Prime1;
            while (bytes.Length >= 32)
            {
                a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
                c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
                d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
                bytes = bytes[32..];
            }

            ulong hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7)
                + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
            hash = MergeRound(hash, a);
            hash = MergeRound(hash, b);
            hash = MergeRound(hash, c);
            return MergeRound(hash, d);
        }
    }

    private static ulong Round(ulong lane, ulong input) =>
        unchecked(BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1);

    private static ulong MergeRound(ulong hash, ulong lane) =>
        unchecked(((hash ^ Round(0, lane)) * Prime1) + Prime4);
}
