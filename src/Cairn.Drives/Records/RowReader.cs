using Cairn.Drives.Os;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Records;

/// <summary>Takes fields off the front of a row. Fields of bytes are slices of the row, not copies.</summary>
/// <remarks>Failure: a row that ends early passed its checksum and is still wrong, which only a defect explains; it
/// is reported as Corrupt all the same, so that one bad row never takes the drive down.</remarks>
internal ref struct RowReader(ReadOnlyMemory<byte> row)
{
    private int _offset;

    public readonly bool IsAtEnd => _offset == row.Length;

    /// <summary>Bytes taken so far.</summary>
    public readonly int Offset => _offset;

    public byte Byte() => Bytes(1).Span[0];

    public Ballot Ballot() => Primitives.Ids.Ballot.Read(Bytes(Primitives.Ids.Ballot.Size).Span);

    public DataId DataId() => Primitives.Ids.DataId.Read(Bytes(Primitives.Ids.DataId.Size).Span);

    public long Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (long)value;
            }
        }

        throw Malformed();
    }

    public int Count()
    {
        long count = Number();
        return count <= row.Length ? (int)count : throw Malformed();
    }

    public ReadOnlyMemory<byte> Bytes(int length)
    {
        if (length > row.Length - _offset)
        {
            throw Malformed();
        }

        ReadOnlyMemory<byte> bytes = row.Slice(_offset, length);
        _offset += length;
        return bytes;
    }

    public ReadOnlyMemory<byte> Rest() => Bytes(row.Length - _offset);

    /// <summary>The first byte of every row is the version of its layout.</summary>
    public void ExpectVersion(byte supported)
    {
        byte version = Byte();
        if (version != supported)
        {
            throw new DriveIoException(
                DriveFault.NewerFormat,
                $"A row has layout {version}; this program reads up to {supported}. Start a newer release of Cairn on this drive.");
        }
    }

    private static DriveIoException Malformed() => new(DriveFault.Corrupt, "A row ends before its last field.");
}
