using System.Buffers.Binary;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>Names one register: space, bucket, name. Byte order of the encoding is listing order.</summary>
/// <remarks>
/// Layout: space (1 byte), bucket id (8 bytes, big endian), name (raw bytes, UTF-8 for object keys). Names of objects
/// hold no NUL, which therefore separates a name from what follows it.
/// </remarks>
public readonly struct RegisterKey : IEquatable<RegisterKey>, IComparable<RegisterKey>
{
    /// <summary>Bytes before the name.</summary>
    public const int HeaderSize = 9;

    private readonly byte[]? _encoded;

    private readonly int _hash;

    // Looked up a dozen times on every drive that an operation comes to: hashed once.
    private RegisterKey(byte[] encoded)
    {
        HashCode hash = default;
        hash.AddBytes(encoded);
        _encoded = encoded;
        _hash = hash.ToHashCode();
    }

    /// <summary>The whole key as stored. Not to be modified.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    public RegisterSpace Space => (RegisterSpace)_encoded![0];

    public BucketId Bucket => new(BinaryPrimitives.ReadUInt64BigEndian(_encoded.AsSpan(1)));

    public ReadOnlyMemory<byte> Name => _encoded.AsMemory(HeaderSize);

    public static RegisterKey Of(RegisterSpace space, BucketId bucket, ReadOnlySpan<byte> name)
    {
        byte[] encoded = new byte[HeaderSize + name.Length];
        encoded[0] = (byte)space;
        BinaryPrimitives.WriteUInt64BigEndian(encoded.AsSpan(1), bucket.Value);
        name.CopyTo(encoded.AsSpan(HeaderSize));
        return new RegisterKey(encoded);
    }

    /// <summary>Takes ownership of an encoded key.</summary>
    /// <exception cref="ArgumentException">Shorter than the header.</exception>
    public static RegisterKey FromEncoded(byte[] encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return encoded.Length < HeaderSize
            ? throw new ArgumentException("A register key has at least a space and a bucket.", nameof(encoded))
            : new RegisterKey(encoded);
    }

    public bool Equals(RegisterKey other) =>
        _hash == other._hash
        && (ReferenceEquals(_encoded, other._encoded) || Encoded.Span.SequenceEqual(other.Encoded.Span));

    public override bool Equals(object? obj) => obj is RegisterKey other && Equals(other);

    public override int GetHashCode() => _hash;

    public int CompareTo(RegisterKey other) => Encoded.Span.SequenceCompareTo(other.Encoded.Span);

    public static bool operator ==(RegisterKey left, RegisterKey right) => left.Equals(right);

    public static bool operator !=(RegisterKey left, RegisterKey right) => !left.Equals(right);

    public static bool operator <(RegisterKey left, RegisterKey right) => left.CompareTo(right) < 0;

    public static bool operator >(RegisterKey left, RegisterKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(RegisterKey left, RegisterKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RegisterKey left, RegisterKey right) => left.CompareTo(right) >= 0;
}
