using System.Buffers.Binary;
using Cairn.Primitives.Checksums.Folding;

namespace Cairn.Primitives.Checksums;

/// <summary>CRC-64 of the NVM Express command set: polynomial 0xAD93D23594C93659.</summary>
/// <remarks>The default value is the checksum of nothing, ready for <see cref="Append"/>. Not safe for concurrent use
/// of one value; copying it forks the computation.</remarks>
public struct Crc64Nvme
{
    /// <summary>Bytes of <see cref="WriteDigest"/>.</summary>
    public const int DigestSize = sizeof(ulong);

    internal const ulong ReflectedPolynomial = 0x9A6C9329AC4BC9B5;

    internal static readonly CrcAlgorithm Algorithm = new(64, ReflectedPolynomial);

    private ulong _value;

    /// <summary>The checksum of everything appended so far.</summary>
    public readonly ulong Value => _value;

    /// <summary>Continues from the checksum of earlier bytes.</summary>
    public static Crc64Nvme Resume(ulong value) => new() { _value = value };

    public static ulong Compute(ReadOnlySpan<byte> source) => ~(ulong)Algorithm.Update(ulong.MaxValue, source);

    /// <summary>The checksum of a concatenation, from the checksums of its two parts and the second part's length in
    /// bytes; cost grows with the logarithm of the length.</summary>
    public static ulong Combine(ulong first, ulong second, long secondLength) =>
        (ulong)Algorithm.Combine(first, second, secondLength);

    public void Append(ReadOnlySpan<byte> source) => _value = ~(ulong)Algorithm.Update((ulong)~_value, source);

    /// <summary>Writes the checksum big-endian, as S3 and HTTP headers carry it.</summary>
    public readonly void WriteDigest(Span<byte> target) => BinaryPrimitives.WriteUInt64BigEndian(target, _value);
}
