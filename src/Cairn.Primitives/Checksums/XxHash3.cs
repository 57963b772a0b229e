using System.Buffers.Binary;
using Cairn.Primitives.Checksums.Xxh3;

namespace Cairn.Primitives.Checksums;

/// <summary>XXH3_64bits of the xxHash family, without a seed: S3's XXHASH3.</summary>
/// <remarks>Concurrency: one caller at a time.</remarks>
public sealed class XxHash3
{
    /// <summary>Bytes of <see cref="WriteDigest"/>.</summary>
    public const int DigestSize = 8;

    private Xxh3State _state = new();

    /// <summary>The checksum of everything appended so far.</summary>
    public ulong Value => _state.Digest64();

    public static ulong Compute(ReadOnlySpan<byte> source)
    {
        var state = new Xxh3State();
        state.Append(source);
        return state.Digest64();
    }

    public void Append(ReadOnlySpan<byte> source) => _state.Append(source);

    /// <summary>Starts a new message.</summary>
    public void Reset() => _state = new Xxh3State();

    /// <summary>Writes the checksum big-endian, the canonical form of the family.</summary>
    public void WriteDigest(Span<byte> target) => BinaryPrimitives.WriteUInt64BigEndian(target, Value);
}
