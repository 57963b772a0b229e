using System.Buffers.Binary;

namespace Cairn.Primitives.Ids;

/// <summary>The place of a write in its key's order: hybrid logical clock first, then who issued it.</summary>
/// <remarks>
/// Invariants: a ballot is never issued twice. The clock strictly rises within one incarnation, and an incarnation is
/// 64 random bits drawn at process start, so that restarts and clock jumps cannot repeat one.
/// See: shared notes in docs/consistency.md.
/// </remarks>
/// <param name="Clock">48 bits of Unix milliseconds, 16 bits of logical count.</param>
/// <param name="Incarnation">Random identity of the issuing process run.</param>
public readonly record struct Ballot(ulong Clock, ulong Incarnation) : IComparable<Ballot>
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 16;

    /// <summary>Below every issued ballot.</summary>
    public static Ballot Zero => default;

    /// <summary>Not above any ballot that is issued at that time or later.</summary>
    public static Ballot At(DateTimeOffset time) => new((ulong)time.ToUnixTimeMilliseconds() << 16, 0);

    /// <summary>Wall-clock part, for display (Last-Modified) and staleness checks.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds((long)(Clock >> 16));

    /// <summary>The lowest one above.</summary>
    public Ballot Next => Incarnation == ulong.MaxValue ? new(Clock + 1, 0) : new(Clock, Incarnation + 1);

    public int CompareTo(Ballot other)
    {
        int byClock = Clock.CompareTo(other.Clock);
        return byClock != 0 ? byClock : Incarnation.CompareTo(other.Incarnation);
    }

    /// <summary>Writes 16 bytes, big endian, so that byte order equals ballot order.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, Clock);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Incarnation);
    }

    public static Ballot Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64BigEndian(source),
        BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    public static bool operator <(Ballot left, Ballot right) => left.CompareTo(right) < 0;

    public static bool operator >(Ballot left, Ballot right) => left.CompareTo(right) > 0;

    public static bool operator <=(Ballot left, Ballot right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Ballot left, Ballot right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Clock:x16}{Incarnation:x16}";
}
