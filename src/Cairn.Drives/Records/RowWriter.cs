using Cairn.Primitives.Ids;

namespace Cairn.Drives.Records;

/// <summary>Puts fields into a row whose size is known beforehand.</summary>
internal ref struct RowWriter(Span<byte> row)
{
    private readonly Span<byte> _row = row;
    private int _offset;

    public readonly int Length => _offset;

    public static int SizeOfNumber(long value)
    {
        int size = 1;
        for (ulong rest = (ulong)value >> 7; rest != 0; rest >>= 7)
        {
            size++;
        }

        return size;
    }

    public void Byte(byte value) => _row[_offset++] = value;

    public void Ballot(Ballot value)
    {
        value.Write(_row[_offset..]);
        _offset += Primitives.Ids.Ballot.Size;
    }

    public void DataId(DataId value)
    {
        value.Write(_row[_offset..]);
        _offset += Primitives.Ids.DataId.Size;
    }

    public void Number(long value)
    {
        ulong rest = (ulong)value;
        while (rest >= 0x80)
        {
            Byte((byte)(rest & 0x7f | 0x80));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_row[_offset..]);
        _offset += value.Length;
    }
}
