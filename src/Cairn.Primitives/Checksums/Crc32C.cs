using System.Buffers.Binary;
using Cairn.Primitives.Checksums.Folding;

namespace Cairn.Primitives.Checksums;

/// <summary>CRC-32C (Castagnoli) of iSCSI and RFC 3720: polynomial 0x1EDC6F41.</summary>
/// <remarks>The default value is the checksum of nothing, ready for <see cref="Append"/>. Not safe for concurrent use
/// of one value; copying it forks the computation.</remarks>
public struct Crc32C
{
    /// <summary>Bytes of <see cref="WriteDigest"/>.</summary>
    public const int DigestSize = sizeof(uint);

    internal const ulong ReflectedPolynomial = 0x82F63B78;

    internal static readonly CrcAlgorithm Algorithm = new(32, ReflectedPolynomial, new Crc32CInstruction());

    private uint _value;

    /// <summary>The checksum of everything appended so far.</summary>
    public readonly uint Value => _value;

    /// <summary>Continues from the checksum of earlier bytes.</summary>
    public static Crc32C Resume(uint value) => new() { _value = value };

    public static uint Compute(ReadOnlySpan<byte> source) => ~(uint)Algorithm.Update(uint.MaxValue, source);

    /// <summary>The checksum of a concatenation, from the checksums of its two parts and the second part's length in
    /// bytes; cost grows with the logarithm of the length.</summary>
    public static uint Combine(uint first, uint second, long secondLength) =>
        (uint)Algorithm.Combine(first, second, secondLength);

    public void Append(ReadOnlySpan<byte> source) => _value = ~(uint)Algorithm.Update((uint)~_value, source);

    /// <summary>Writes the checksum big-endian, as S3 and HTTP headers carry it.</summary>
    public readonly void WriteDigest(Span<byte> target) => BinaryPrimitives.WriteUInt32BigEndian(target, _value);
}
