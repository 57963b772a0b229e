using Cairn.Cluster.Transport;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives.Messages;

/// <summary>Requests to a drive: what stands behind the id of the drive. Version 1.</summary>
/// <remarks>Fields of bytes are slices of the request, valid as long as it is.</remarks>
internal static class DriveRequestCodec
{
    // Drive, key with its length, slot, ballot.
    private const int MinMissedSize = 16 + 1 + RegisterKey.HeaderSize + (2 * Ballot.Size);

    // Key with its length, slot, ballot, count of drives.
    private const int MinCommitSize = 1 + RegisterKey.HeaderSize + (2 * Ballot.Size) + 1;

    public static void WriteAccept(MessageWriter writer, AcceptRequest request)
    {
        writer.Key(request.Key);
        writer.Entry(request.Entry);
        writer.Flag(request.HasInline);
        if (request.HasInline)
        {
            writer.Bytes(request.Inline.Span);
        }
    }

    public static AcceptRequest ReadAccept(ref MessageReader reader)
    {
        RegisterKey key = reader.Key();
        RegisterEntry entry = reader.Entry();
        bool hasInline = reader.Flag();

        // The drive takes the inline shard for the first of the data, and would not look whether there is one.
        return hasInline && entry.Data.Count == 0
            ? throw new MessageFormatException("An inline shard comes with a value that has no data.")
            : new AcceptRequest(key, entry, hasInline ? reader.Bytes() : default, hasInline);
    }

    public static void WritePrepare(MessageWriter writer, RegisterKey key, Ballot ballot, VersionId? slot)
    {
        writer.Key(key);
        writer.Ballot(ballot);
        writer.OptionalSlot(slot);
    }

    public static (RegisterKey Key, Ballot Ballot, VersionId? Slot) ReadPrepare(ref MessageReader reader) =>
        (reader.Key(), reader.Ballot(), reader.OptionalSlot());

    public static void WriteCommit(MessageWriter writer, CommitRequest request)
    {
        writer.Key(request.Key);
        writer.Slot(request.Slot);
        writer.Ballot(request.Ballot);
        writer.Count(request.Missed.Count);
        foreach (DriveId drive in request.Missed)
        {
            writer.Drive(drive);
        }
    }

    public static CommitRequest ReadCommit(ref MessageReader reader)
    {
        RegisterKey key = reader.Key();
        VersionId slot = reader.Slot();
        Ballot ballot = reader.Ballot();
        DriveId[] missed = new DriveId[reader.Count(16)];
        for (int i = 0; i < missed.Length; i++)
        {
            missed[i] = reader.Drive();
        }

        return new CommitRequest(key, slot, ballot, missed);
    }

    public static void WriteCommits(MessageWriter writer, IReadOnlyList<CommitRequest> requests)
    {
        writer.Count(requests.Count);
        foreach (CommitRequest request in requests)
        {
            WriteCommit(writer, request);
        }
    }

    public static CommitRequest[] ReadCommits(ref MessageReader reader)
    {
        CommitRequest[] requests = new CommitRequest[reader.Count(MinCommitSize)];
        for (int i = 0; i < requests.Length; i++)
        {
            requests[i] = ReadCommit(ref reader);
        }

        return requests;
    }

    public static void WriteForget(MessageWriter writer, RegisterKey key, VersionId slot, Ballot ballot)
    {
        writer.Key(key);
        writer.Slot(slot);
        writer.Ballot(ballot);
    }

    public static (RegisterKey Key, VersionId Slot, Ballot Ballot) ReadForget(ref MessageReader reader) =>
        (reader.Key(), reader.Slot(), reader.Ballot());

    public static void WriteRead(MessageWriter writer, RegisterKey key, VersionId? slot, bool withInline)
    {
        writer.Key(key);
        writer.OptionalSlot(slot);
        writer.Flag(withInline);
    }

    public static (RegisterKey Key, VersionId? Slot, bool WithInline) ReadRead(ref MessageReader reader) =>
        (reader.Key(), reader.OptionalSlot(), reader.Flag());

    public static void WriteList(MessageWriter writer, ListRequest request)
    {
        writer.Byte((byte)request.Space);
        writer.Fixed64(request.Bucket.Value);
        writer.Bytes(request.Prefix.Span);
        writer.Bytes(request.From.Span);
        writer.Bytes(request.Delimiter.Span);
        writer.Flag(request.AllVersions);
        writer.Flag(request.OlderThan is not null);
        if (request.OlderThan is { } olderThan)
        {
            writer.Ballot(olderThan);
        }

        writer.Flag(request.OnlyIfClosed);
        writer.Count(request.Limit);
    }

    public static ListRequest ReadList(ref MessageReader reader) => new()
    {
        Space = (RegisterSpace)reader.Byte(),
        Bucket = new BucketId(reader.Fixed64()),
        Prefix = reader.Bytes(),
        From = reader.Bytes(),
        Delimiter = reader.Bytes(),
        AllVersions = reader.Flag(),
        OlderThan = reader.Flag() ? reader.Ballot() : null,
        OnlyIfClosed = reader.Flag(),
        Limit = reader.Number32(),
    };

    public static void WriteRestoreInline(
        MessageWriter writer, RegisterKey key, DataId data, ReadOnlySpan<byte> shard)
    {
        writer.Key(key);
        writer.DataId(data);
        writer.Bytes(shard);
    }

    public static (RegisterKey Key, DataId Data, ReadOnlyMemory<byte> Shard) ReadRestoreInline(ref MessageReader reader) =>
        (reader.Key(), reader.DataId(), reader.Bytes());

    public static void WriteGate(MessageWriter writer, BucketGate gate)
    {
        writer.Fixed64(gate.Bucket.Value);
        writer.Fixed64(gate.Attempt);
        writer.Flag(gate.IsClosed);
    }

    public static BucketGate ReadGate(ref MessageReader reader) =>
        new(new BucketId(reader.Fixed64()), reader.Fixed64(), reader.Flag());

    public static void WriteListMissed(MessageWriter writer, DriveId missing, RegisterKey? after, int limit)
    {
        writer.Drive(missing);
        writer.Flag(after is not null);
        if (after is { } key)
        {
            writer.Key(key);
        }

        writer.Count(limit);
    }

    public static (DriveId Missing, RegisterKey? After, int Limit) ReadListMissed(ref MessageReader reader) =>
        (reader.Drive(), reader.Flag() ? reader.Key() : null, reader.Number32());

    public static void WriteMissed(MessageWriter writer, IReadOnlyList<MissedWrite> lines)
    {
        writer.Count(lines.Count);
        foreach (MissedWrite line in lines)
        {
            writer.Drive(line.Drive);
            writer.Key(line.Key);
            writer.Slot(line.Slot);
            writer.Ballot(line.Ballot);
        }
    }

    public static MissedWrite[] ReadMissed(ref MessageReader reader)
    {
        MissedWrite[] lines = new MissedWrite[reader.Count(MinMissedSize)];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = new MissedWrite(reader.Drive(), reader.Key(), reader.Slot(), reader.Ballot());
        }

        return lines;
    }

    public static void WriteGates(MessageWriter writer, IReadOnlyList<BucketGate> gates)
    {
        writer.Count(gates.Count);
        foreach (BucketGate gate in gates)
        {
            WriteGate(writer, gate);
        }
    }

    public static BucketGate[] ReadGates(ref MessageReader reader)
    {
        BucketGate[] gates = new BucketGate[reader.Count(sizeof(ulong))];
        for (int i = 0; i < gates.Length; i++)
        {
            gates[i] = ReadGate(ref reader);
        }

        return gates;
    }
}
