using System.Buffers.Binary;
using Cairn.Primitives.Checksums.Xxh3;

namespace Cairn.Primitives.Checksums;

/// <summary>XXH3_128bits of the xxHash family, without a seed: S3's XXHASH128.</summary>
/// <remarks>Concurrency: one caller at a time.</remarks>
public sealed class XxHash128
{
    /// <summary>Bytes of <see cref="WriteDigest"/>.</summary>
    public const int DigestSize = 16;

    private Xxh3State _state = new();

    /// <summary>The checksum of everything appended so far.</summary>
    public UInt128 Value => _state.Digest128();

    public static UInt128 Compute(ReadOnlySpan<byte> source)
    {
        var state = new Xxh3State();
        state.Append(source);
        return state.Digest128();
    }

    public void Append(ReadOnlySpan<byte> source) => _state.Append(source);

    /// <summary>Starts a new message.</summary>
    public void Reset() => _state = new Xxh3State();

    /// <summary>Writes the checksum big-endian, the canonical form of the family.</summary>
    public void WriteDigest(Span<byte> target) => BinaryPrimitives.WriteUInt128BigEndian(target, Value);
}
