using Cairn.Drives.Index;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Records;

/// <summary>A row of Journal: that drive lacks what this register holds in this slot under this ballot.</summary>
/// <remarks>Key: drive id (16 bytes), register key, NUL, slot (16 bytes).</remarks>
internal static class JournalRow
{
    private const byte Layout = 1;
    private const int DriveSize = 16;
    private const int SuffixSize = 1 + Ballot.Size;

    public static byte[] Key(DriveId drive, RegisterKey register, VersionId slot)
    {
        ReadOnlySpan<byte> encoded = register.Encoded.Span;
        byte[] key = new byte[DriveSize + encoded.Length + SuffixSize];
        drive.Value.TryWriteBytes(key, bigEndian: true, out _);
        encoded.CopyTo(key.AsSpan(DriveSize));
        slot.Birth.Write(key.AsSpan(key.Length - Ballot.Size));
        return key;
    }

    /// <summary>Where to go on behind all lines of a register; the drive's first line when there is none.</summary>
    public static byte[] LowerBound(DriveId drive, RegisterKey? after)
    {
        if (after is not { } register)
        {
            byte[] first = new byte[DriveSize];
            drive.Value.TryWriteBytes(first, bigEndian: true, out _);
            return first;
        }

        byte[] key = Key(drive, register, VersionId.Null);
        key[^SuffixSize] = 1;
        return key[..^Ballot.Size];
    }

    public static byte[] UpperBound(DriveId drive) => KeyRange.Successor(LowerBound(drive, null));

    public static MissedWrite Decode(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> row)
    {
        Guid drive = new(key[..DriveSize], bigEndian: true);
        RegisterKey register = RegisterKey.FromEncoded(key[DriveSize..^SuffixSize].ToArray());
        VersionId slot = new(Ballot.Read(key[^Ballot.Size..]));
        return new MissedWrite(new DriveId(drive), register, slot, DecodeBallot(key, row));
    }

    public static Ballot DecodeBallot(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> row)
    {
        RowReader reader = new(RowSeal.Open(IndexFamily.Journal, key, row));
        reader.ExpectVersion(Layout);
        return reader.Ballot();
    }

    public static byte[] Encode(ReadOnlySpan<byte> key, Ballot ballot)
    {
        byte[] row = new byte[1 + Ballot.Size + RowSeal.Size];
        RowWriter writer = new(row);
        writer.Byte(Layout);
        writer.Ballot(ballot);
        RowSeal.Write(IndexFamily.Journal, key, row);
        return row;
    }
}
