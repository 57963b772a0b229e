using System.Buffers.Binary;
using System.Text;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Records;

/// <summary>Takes a record apart, front to back. Everything it hands out is a copy, so a record's buffer can go.</summary>
/// <exception cref="RecordFormatException">From every member: the record ends too early or makes no sense.</exception>
internal ref struct RecordReader(ReadOnlySpan<byte> record)
{
    private readonly ReadOnlySpan<byte> _record = record;
    private int _position;

    /// <summary>Reads the format version and refuses what is newer than this release knows.</summary>
    public byte Format(string recordName, int known)
    {
        byte found = Byte();
        if (found > known)
        {
            throw RecordFormatException.Newer(recordName, found, known);
        }

        if (found == 0)
        {
            throw RecordFormatException.Malformed("format 0 does not exist");
        }

        return found;
    }

    public byte Byte() => Take(1)[0];

    public long Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value <= long.MaxValue ? (long)value : throw RecordFormatException.Malformed("a number overflows");
            }
        }

        throw RecordFormatException.Malformed("a number has no end");
    }

    /// <summary>A count of things that take at least a byte each, which bounds what a reader allocates for it.</summary>
    public int Count()
    {
        long count = Number();
        return count <= _record.Length - _position
            ? (int)count
            : throw RecordFormatException.Malformed("a count exceeds the record");
    }

    public int Int32()
    {
        long value = Number();
        return value <= int.MaxValue ? (int)value : throw RecordFormatException.Malformed("a number overflows");
    }

    public UInt128 UInt128() => BinaryPrimitives.ReadUInt128BigEndian(Take(16));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(sizeof(ulong)));

    public Ballot Ballot() => Primitives.Ids.Ballot.Read(Take(Primitives.Ids.Ballot.Size));

    public byte[] Bytes(int size) => Take(size).ToArray();

    public string Text() => Encoding.UTF8.GetString(Take(Count()));

    public IReadOnlyList<KeyValuePair<string, string>> Pairs()
    {
        int count = Count();
        if (count == 0)
        {
            return [];
        }

        KeyValuePair<string, string>[] pairs = new KeyValuePair<string, string>[count];
        for (int i = 0; i < pairs.Length; i++)
        {
            string name = Text();
            pairs[i] = new KeyValuePair<string, string>(name, Text());
        }

        return pairs;
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > _record.Length - _position)
        {
            throw RecordFormatException.Malformed("it ends too early");
        }

        ReadOnlySpan<byte> run = _record.Slice(_position, size);
        _position += size;
        return run;
    }
}
