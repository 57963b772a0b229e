using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Records;

/// <summary>The part of an entry that never changes once it is written: everything but its ballot and its state.</summary>
/// <remarks>
/// Purpose: kept encoded, so that a head is rewritten by copying, and so that "the same value again" (a repetition, or
/// the raise of a ballot) is a comparison of bytes.
/// Layout: flags (1: removed, 2: null slot), shard index, birth (16 bytes), count of data ids, the ids, the body.
/// </remarks>
internal sealed class EntryValue
{
    private const byte RemovedFlag = 1;
    private const byte NullSlotFlag = 2;

    private EntryValue(ReadOnlyMemory<byte> encoded)
    {
        Encoded = encoded;
        RowReader reader = new(encoded);
        byte flags = reader.Byte();
        ShardIndex = reader.Byte();
        Birth = reader.Ballot();
        IsRemoved = (flags & RemovedFlag) != 0;
        Slot = (flags & NullSlotFlag) != 0 ? VersionId.Null : new VersionId(Birth);
        Data = ReadIds(ref reader);
        Body = reader.Rest();
    }

    public ReadOnlyMemory<byte> Encoded { get; }

    public VersionId Slot { get; }

    public Ballot Birth { get; }

    public bool IsRemoved { get; }

    public byte ShardIndex { get; }

    public IReadOnlyList<DataId> Data { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <exception cref="Os.DriveIoException">Corrupt.</exception>
    public static EntryValue Decode(ReadOnlyMemory<byte> encoded) => new(encoded);

    public static EntryValue Of(RegisterEntry entry)
    {
        int size = 2 + Ballot.Size + RowWriter.SizeOfNumber(entry.Data.Count)
            + entry.Data.Count * DataId.Size + entry.Body.Length;
        byte[] encoded = new byte[size];
        RowWriter writer = new(encoded);
        writer.Byte((byte)((entry.IsRemoved ? RemovedFlag : 0) | (entry.Slot.IsNull ? NullSlotFlag : 0)));
        writer.Byte(entry.ShardIndex);
        writer.Ballot(entry.Birth);
        writer.Number(entry.Data.Count);
        foreach (DataId id in entry.Data)
        {
            writer.DataId(id);
        }

        writer.Bytes(entry.Body.Span);
        return new EntryValue(encoded);
    }

    public bool IsSameAs(EntryValue other) => Encoded.Span.SequenceEqual(other.Encoded.Span);

    private static DataId[] ReadIds(ref RowReader reader)
    {
        int count = reader.Count();
        if (count == 0)
        {
            return [];
        }

        DataId[] ids = new DataId[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = reader.DataId();
        }

        return ids;
    }
}
