using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>The answer of a drive of another node, its head read.</summary>
internal readonly struct DriveReply : IDisposable
{
    private readonly CallReply _reply;

    public DriveReply(DriveFault fault) => Fault = fault;

    private DriveReply(CallReply reply, DriveFault fault, DriveState state)
    {
        _reply = reply;
        Fault = fault;
        State = state;
    }

    /// <summary>Takes the body off a reply.</summary>
    public delegate T BodyReader<T>(ref MessageReader reader);

    public DriveFault Fault { get; }

    /// <summary>Of the drive; null when it was not told.</summary>
    public DriveState? State { get; }

    /// <summary>What stands behind the head. Valid until disposed.</summary>
    public ReadOnlyMemory<byte> Body => _reply.Payload[DriveReplyCodec.HeaderSize..];

    /// <summary>Takes the reply over.</summary>
    public static DriveReply Of(CallReply reply)
    {
        if (!reply.IsOk)
        {
            return new DriveReply(FaultOf(reply.Status));
        }

        if (reply.Payload.Length < DriveReplyCodec.HeaderSize)
        {
            reply.Dispose();
            return new DriveReply(DriveFault.Io);
        }

        MessageReader reader = new(reply.Payload);
        (DriveFault fault, DriveState state) = DriveReplyCodec.ReadHeader(ref reader);
        return new DriveReply(reply, fault, state);
    }

    /// <summary>Reads a body that holds no slices.</summary>
    public DriveResult<T> Read<T>(BodyReader<T> read) => Fault == DriveFault.None ? Read(read, Body) : Fault;

    /// <summary>Reads a body whose slices the caller keeps: they get memory of their own.</summary>
    public DriveResult<T> ReadCopy<T>(BodyReader<T> read) => Fault == DriveFault.None ? Read(read, Body.ToArray()) : Fault;

    public void Dispose() => _reply.Dispose();

    // An answer that cannot be read says nothing of what happened.
    private static DriveResult<T> Read<T>(BodyReader<T> read, ReadOnlyMemory<byte> body)
    {
        try
        {
            MessageReader reader = new(body);
            T value = read(ref reader);
            reader.End();
            return new DriveResult<T>(DriveFault.None, value);
        }
        catch (MessageFormatException)
        {
            return DriveFault.Io;
        }
    }

    private static DriveFault FaultOf(CallStatus status) => status switch
    {
        CallStatus.Busy => DriveFault.Busy,
        CallStatus.Lost => DriveFault.Offline,
        _ => DriveFault.Io,
    };
}
