using Cairn.Cluster.Transport;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives.Messages;

/// <summary>The fields that the messages about registers are made of.</summary>
/// <remarks>
/// An entry's slot and ballot mostly equal its birth and are left out then: a listing of a thousand entries is a third
/// smaller for it.
/// </remarks>
internal static class RegisterFields
{
    private const byte Committed = 1;
    private const byte Removed = 2;
    private const byte SlotIsNull = 4;
    private const byte SlotIsBirth = 8;
    private const byte BallotIsBirth = 16;
    private const byte Excluding = 32;
    private const byte IsAlone = 64;
    private const byte KnownFlags = 127;

    // Birth, flags, shard index, length of the body, count of data.
    private const int MinEntrySize = Primitives.Ids.Ballot.Size + 4;

    public static void Ballot(this MessageWriter writer, Ballot value)
    {
        Span<byte> bytes = stackalloc byte[Primitives.Ids.Ballot.Size];
        value.Write(bytes);
        writer.Raw(bytes);
    }

    public static Ballot Ballot(this ref MessageReader reader) =>
        Primitives.Ids.Ballot.Read(reader.Raw(Primitives.Ids.Ballot.Size).Span);

    public static void DataId(this MessageWriter writer, DataId value)
    {
        Span<byte> bytes = stackalloc byte[Primitives.Ids.DataId.Size];
        value.Write(bytes);
        writer.Raw(bytes);
    }

    public static DataId DataId(this ref MessageReader reader) =>
        Primitives.Ids.DataId.Read(reader.Raw(Primitives.Ids.DataId.Size).Span);

    public static void Slot(this MessageWriter writer, VersionId value) => writer.Ballot(value.Birth);

    public static VersionId Slot(this ref MessageReader reader) => new(reader.Ballot());

    public static void OptionalSlot(this MessageWriter writer, VersionId? value)
    {
        writer.Flag(value is not null);
        if (value is { } slot)
        {
            writer.Slot(slot);
        }
    }

    public static VersionId? OptionalSlot(this ref MessageReader reader) => reader.Flag() ? reader.Slot() : null;

    public static void Drive(this MessageWriter writer, DriveId value) => writer.Uuid(value.Value);

    public static DriveId Drive(this ref MessageReader reader) => new(reader.Uuid());

    public static void Key(this MessageWriter writer, RegisterKey value) => writer.Bytes(value.Encoded.Span);

    /// <summary>A copy: the drive keeps keys beyond the call.</summary>
    public static RegisterKey Key(this ref MessageReader reader)
    {
        ReadOnlyMemory<byte> encoded = reader.Bytes();
        return encoded.Length >= RegisterKey.HeaderSize
            ? RegisterKey.FromEncoded(encoded.ToArray())
            : throw new MessageFormatException("A register key is shorter than space and bucket.");
    }

    public static void Entry(this MessageWriter writer, RegisterEntry entry)
    {
        byte flags = 0;
        flags |= entry.IsCommitted ? Committed : (byte)0;
        flags |= entry.IsRemoved ? Removed : (byte)0;
        flags |= entry.Slot.IsNull ? SlotIsNull : entry.Slot.Birth == entry.Birth ? SlotIsBirth : (byte)0;
        flags |= entry.Ballot == entry.Birth ? BallotIsBirth : (byte)0;
        flags |= entry.ExcludesYounger ? Excluding : (byte)0;
        flags |= entry.AloneSince is null ? (byte)0 : IsAlone;
        writer.Byte(flags);
        writer.Ballot(entry.Birth);
        if ((flags & (SlotIsNull | SlotIsBirth)) == 0)
        {
            writer.Slot(entry.Slot);
        }

        if ((flags & BallotIsBirth) == 0)
        {
            writer.Ballot(entry.Ballot);
        }

        if (entry.AloneSince is { } aloneSince)
        {
            writer.Ballot(aloneSince);
        }

        writer.Byte(entry.ShardIndex);
        writer.Bytes(entry.Body.Span);
        writer.DataIds(entry.Data);
    }

    public static RegisterEntry Entry(this ref MessageReader reader)
    {
        byte flags = reader.Byte();
        if ((flags & ~KnownFlags) != 0)
        {
            throw new MessageFormatException($"An entry has unknown flags {flags:x2}.");
        }

        Ballot birth = reader.Ballot();
        VersionId slot = (flags & SlotIsNull) != 0 ? VersionId.Null
            : (flags & SlotIsBirth) != 0 ? new VersionId(birth) : reader.Slot();
        return new RegisterEntry
        {
            Slot = slot,
            Birth = birth,
            Ballot = (flags & BallotIsBirth) != 0 ? birth : reader.Ballot(),
            AloneSince = (flags & IsAlone) != 0 ? reader.Ballot() : null,
            ExcludesYounger = (flags & Excluding) != 0,
            IsCommitted = (flags & Committed) != 0,
            IsRemoved = (flags & Removed) != 0,
            ShardIndex = reader.Byte(),
            Body = reader.Bytes(),
            Data = reader.DataIds(),
        };
    }

    public static void Entries(this MessageWriter writer, IReadOnlyList<RegisterEntry> entries)
    {
        writer.Count(entries.Count);
        for (int i = 0; i < entries.Count; i++)
        {
            writer.Entry(entries[i]);
        }
    }

    public static RegisterEntry[] Entries(this ref MessageReader reader)
    {
        RegisterEntry[] entries = new RegisterEntry[reader.Count(MinEntrySize)];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = reader.Entry();
        }

        return entries;
    }

    public static void DataIds(this MessageWriter writer, IReadOnlyList<DataId> data)
    {
        writer.Count(data.Count);
        for (int i = 0; i < data.Count; i++)
        {
            writer.DataId(data[i]);
        }
    }

    public static DataId[] DataIds(this ref MessageReader reader)
    {
        int count = reader.Count(Primitives.Ids.DataId.Size);
        if (count == 0)
        {
            return [];
        }

        DataId[] data = new DataId[count];
        for (int i = 0; i < count; i++)
        {
            data[i] = reader.DataId();
        }

        return data;
    }
}
