using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives.Messages;

/// <summary>Answers of a drive: fault, state of the drive, and what was asked for unless there is a fault. Version 1.</summary>
/// <remarks>Fields of bytes are slices of the answer.</remarks>
internal static class DriveReplyCodec
{
    /// <summary>Fault and state.</summary>
    public const int HeaderSize = 2;

    private const byte IsAccepted = 1;
    private const byte IsVoting = 2;
    private const byte IsBucketClosed = 4;
    // Set by earlier releases for a drive that was not closed in order.
    private const byte WasUnclean = 0x80;

    // Length of the name, count of entries, mark of a cut, floor.
    private const int MinRowSize = 3 + Ballot.Size;

    public static void WriteHeader(MessageWriter writer, DriveFault fault, DriveState state)
    {
        writer.Byte((byte)fault);
        writer.Byte((byte)state);
    }

    public static (DriveFault Fault, DriveState State) ReadHeader(ref MessageReader reader) =>
        (FaultOf(reader.Byte()), StateOf(reader.Byte()));

    public static void WriteAccept(MessageWriter writer, AcceptReply reply)
    {
        int flags = (reply.IsAccepted ? IsAccepted : 0) | (reply.IsVoting ? IsVoting : 0)
            | (reply.IsBucketClosed ? IsBucketClosed : 0);
        writer.Byte((byte)flags);
        writer.Ballot(reply.Highest);
    }

    public static AcceptReply ReadAccept(ref MessageReader reader)
    {
        byte flags = reader.Byte();
        return new AcceptReply(
            (flags & IsAccepted) != 0, (flags & IsVoting) != 0, reader.Ballot(), (flags & IsBucketClosed) != 0);
    }

    public static void WriteFaults(MessageWriter writer, DriveFault[] faults)
    {
        writer.Count(faults.Length);
        foreach (DriveFault fault in faults)
        {
            writer.Byte((byte)fault);
        }
    }

    public static DriveFault[] ReadFaults(ref MessageReader reader)
    {
        DriveFault[] faults = new DriveFault[reader.Count(1)];
        for (int i = 0; i < faults.Length; i++)
        {
            faults[i] = FaultOf(reader.Byte());
        }

        return faults;
    }

    public static void WritePrepare(MessageWriter writer, PrepareReply reply)
    {
        writer.Flag(reply.IsPromised);
        writer.Ballot(reply.Highest);
        writer.Flag(reply.View is not null);
        if (reply.View is { } view)
        {
            WriteView(writer, view);
        }
    }

    public static PrepareReply ReadPrepare(ref MessageReader reader) =>
        new(reader.Flag(), reader.Ballot(), reader.Flag() ? ReadView(ref reader) : null);

    public static void WriteView(MessageWriter writer, RegisterView view)
    {
        writer.Flag(view.IsVoting);
        writer.Ballot(view.Promised);
        writer.Ballot(view.Floor);
        writer.Entries(view.Entries);
        writer.Flag(view.HasInline);
        if (view.HasInline)
        {
            writer.Bytes(view.Inline.Span);
        }
    }

    public static RegisterView ReadView(ref MessageReader reader)
    {
        bool isVoting = reader.Flag();
        Ballot promised = reader.Ballot();
        Ballot floor = reader.Ballot();
        RegisterEntry[] entries = reader.Entries();
        bool hasInline = reader.Flag();
        return new RegisterView(isVoting, promised, entries, hasInline ? reader.Bytes() : default, hasInline)
        {
            Floor = floor,
        };
    }

    public static void WriteList(MessageWriter writer, ListReply reply)
    {
        writer.Flag(reply.IsVoting);
        writer.Flag(reply.IsEnd);
        writer.Count(reply.Rows.Count);
        foreach (ListRow row in reply.Rows)
        {
            writer.Bytes(row.Name.Span);
            writer.Entries(row.Entries);
            writer.Flag(row.IsCut);
            writer.Ballot(row.Floor);
        }

        writer.Ballot(reply.Floor);
    }

    public static ListReply ReadList(ref MessageReader reader)
    {
        bool isVoting = reader.Flag();
        bool isEnd = reader.Flag();
        ListRow[] rows = new ListRow[reader.Count(MinRowSize)];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new ListRow(reader.Bytes(), reader.Entries(), reader.Flag()) { Floor = reader.Ballot() };
        }

        return new ListReply(isVoting, rows, isEnd) { Floor = reader.Ballot() };
    }

    public static void WriteUsage(MessageWriter writer, DriveUsage usage)
    {
        writer.Count(usage.TotalBytes);
        writer.Count(usage.FreeBytes);
    }

    public static DriveUsage ReadUsage(ref MessageReader reader) => new(reader.Size(), reader.Size());

    public static void WriteStates(MessageWriter writer, IReadOnlyList<ToldState> states)
    {
        writer.Count(states.Count);
        foreach (ToldState told in states)
        {
            writer.Drive(told.Drive);
            writer.Byte((byte)told.State);
        }
    }

    public static ToldState[] ReadStates(ref MessageReader reader)
    {
        ToldState[] states = new ToldState[reader.Count(17)];
        for (int i = 0; i < states.Length; i++)
        {
            DriveId drive = reader.Drive();
            byte state = reader.Byte();
            states[i] = new ToldState(drive, StateOf((byte)(state & ~WasUnclean)));
        }

        return states;
    }

    // What a newer release may say and this one does not know is taken for the nearest thing that is safe.
    private static DriveFault FaultOf(byte value) => value <= (byte)DriveFault.Fenced ? (DriveFault)value : DriveFault.Io;

    private static DriveState StateOf(byte value) =>
        value <= (byte)DriveState.Poisoned ? (DriveState)value : DriveState.Offline;
}
