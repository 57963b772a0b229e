using System.Buffers.Binary;

namespace Cairn.Primitives.Ids;

/// <summary>Names one piece of erasure-coded data (an object's body or one part); its shards share the name on all drives.</summary>
/// <remarks>
/// Time first, then chance: ids that are made together lie together in the index, and nobody can guess one. Never
/// derived from user input.
/// </remarks>
public readonly record struct DataId(ulong Clock, ulong Random)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 16;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, Clock);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Random);
    }

    public static DataId Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64BigEndian(source),
        BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    public override string ToString() => $"{Clock:x16}{Random:x16}";
}
