using System.Buffers.Binary;
using Cairn.Drives.Index;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Records;

/// <summary>Rows of System: values of the drive as a whole.</summary>
internal static class SystemRow
{
    private const byte Layout = 1;
    private const byte RecoveringFlag = 1;
    private const byte ClosedFlag = 1;
    private const byte GatePrefix = (byte)'c';

    /// <summary>Whose index this is: the drive's id, and whether it is recovering.</summary>
    public static byte[] IdentityKey { get; } = "identity"u8.ToArray();

    /// <summary>Accepts at or below this ballot are refused for registers without a row.</summary>
    public static byte[] FloorKey { get; } = "floor"u8.ToArray();

    /// <summary>Nothing that was chosen above this ballot was removed and forgotten on this drive.</summary>
    public static byte[] ForgottenKey { get; } = "forgotten"u8.ToArray();

    /// <summary>At or above every ballot the drive promised or accepted.</summary>
    public static byte[] HighestKey { get; } = "highest"u8.ToArray();

    /// <summary>There only between an orderly close and the next open.</summary>
    public static byte[] CleanKey { get; } = "stopped"u8.ToArray();

    /// <summary>There between an orderly close and the next open, when values still waited for their commit.</summary>
    public static byte[] PendingKey { get; } = "pending"u8.ToArray();

    public static byte[] GateLower { get; } = [GatePrefix];

    public static byte[] GateUpper { get; } = [GatePrefix + 1];

    /// <summary>Whether a bucket takes values, and which order has said so last.</summary>
    public static byte[] GateKey(BucketId bucket)
    {
        byte[] key = new byte[1 + sizeof(ulong)];
        key[0] = GatePrefix;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), bucket.Value);
        return key;
    }

    public static byte[] EncodeGate(ReadOnlySpan<byte> key, BucketGate gate)
    {
        byte[] row = new byte[2 + sizeof(ulong) + RowSeal.Size];
        row[0] = Layout;
        row[1] = gate.IsClosed ? ClosedFlag : (byte)0;
        BinaryPrimitives.WriteUInt64BigEndian(row.AsSpan(2), gate.Attempt);
        RowSeal.Write(IndexFamily.System, key, row);
        return row;
    }

    public static BucketGate DecodeGate(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> row)
    {
        RowReader reader = new(RowSeal.Open(IndexFamily.System, key, row));
        reader.ExpectVersion(Layout);
        bool isClosed = (reader.Byte() & ClosedFlag) != 0;
        ulong attempt = BinaryPrimitives.ReadUInt64BigEndian(reader.Bytes(sizeof(ulong)).Span);
        BucketId bucket = new(BinaryPrimitives.ReadUInt64BigEndian(key[1..]));
        return new BucketGate(bucket, attempt, isClosed);
    }

    public static byte[] EncodeIdentity(DriveId drive, bool isRecovering)
    {
        byte[] row = new byte[2 + 16 + RowSeal.Size];
        row[0] = Layout;
        row[1] = isRecovering ? RecoveringFlag : (byte)0;
        drive.Value.TryWriteBytes(row.AsSpan(2), bigEndian: true, out _);
        RowSeal.Write(IndexFamily.System, IdentityKey, row);
        return row;
    }

    public static (DriveId Drive, bool IsRecovering) DecodeIdentity(ReadOnlyMemory<byte> row)
    {
        RowReader reader = new(RowSeal.Open(IndexFamily.System, IdentityKey, row));
        reader.ExpectVersion(Layout);
        bool isRecovering = (reader.Byte() & RecoveringFlag) != 0;
        return (new DriveId(new Guid(reader.Bytes(16).Span, bigEndian: true)), isRecovering);
    }

    public static byte[] EncodeBallot(ReadOnlySpan<byte> key, Ballot ballot)
    {
        byte[] row = new byte[1 + Ballot.Size + RowSeal.Size];
        RowWriter writer = new(row);
        writer.Byte(Layout);
        writer.Ballot(ballot);
        RowSeal.Write(IndexFamily.System, key, row);
        return row;
    }

    public static Ballot DecodeBallot(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> row)
    {
        RowReader reader = new(RowSeal.Open(IndexFamily.System, key, row));
        reader.ExpectVersion(Layout);
        return reader.Ballot();
    }

    /// <summary>A row whose presence is all it says.</summary>
    public static byte[] EncodeMark(ReadOnlySpan<byte> key)
    {
        byte[] row = new byte[1 + RowSeal.Size];
        row[0] = Layout;
        RowSeal.Write(IndexFamily.System, key, row);
        return row;
    }
}
