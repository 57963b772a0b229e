using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Cairn.Primitives.Checksums.Lanes;

/// <summary>The four chaining words of MD5 (RFC 1321) between two blocks.</summary>
/// <remarks>Invariants: laid out as the states of a kernel with one lane.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct Md5State
{
    public const int BlockSize = 64;
    public const int DigestSize = 16;

    public uint A;
    public uint B;
    public uint C;
    public uint D;

    public static Md5State Initial => new() { A = 0x67452301, B = 0xEFCDAB89, C = 0x98BADCFE, D = 0x10325476 };

    /// <summary>The part of a length that is whole blocks, in bytes.</summary>
    public static int WholeBlocks(int length) => length / BlockSize * BlockSize;

    /// <summary>Takes whole blocks.</summary>
    public unsafe void Advance(ReadOnlySpan<byte> blocks)
    {
        fixed (Md5State* state = &this)
        {
            fixed (byte* start = blocks)
            {
                var lane = start;
                Md5Kernel.Single.Run((uint*)state, &lane, blocks.Length / BlockSize);
            }
        }
    }

    /// <summary>Ends a message with its incomplete last block.</summary>
    public void Finish(ReadOnlySpan<byte> tail, ulong messageSize, Span<byte> digest)
    {
        Span<byte> padding = stackalloc byte[2 * BlockSize];
        Advance(padding[..WritePadding(tail, messageSize, padding)]);
        WriteDigest(digest);
    }

    public readonly void WriteDigest(Span<byte> digest)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(digest, A);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[4..], B);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[8..], C);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[12..], D);
    }

    /// <summary>Writes the end of a message: the incomplete last block, the mark, zeros and the length in bits.
    /// Returns its size, one or two blocks; <paramref name="target"/> has room for two.</summary>
    public static int WritePadding(ReadOnlySpan<byte> tail, ulong messageSize, Span<byte> target)
    {
        const byte Mark = 0x80;
        var size = tail.Length + 1 + sizeof(ulong) <= BlockSize ? BlockSize : 2 * BlockSize;
        tail.CopyTo(target);
        target[tail.Length] = Mark;
        target[(tail.Length + 1)..size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(target[(size - sizeof(ulong))..], messageSize * 8);
        return size;
    }
}
