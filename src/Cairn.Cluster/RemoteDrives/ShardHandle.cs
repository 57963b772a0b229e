using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>Names a shard that is open on another node, within one session.</summary>
/// <remarks>
/// The number is chosen here and not there: so it can be closed also when the answer to its opening never came.
/// </remarks>
internal sealed class ShardHandle(RemoteDrive drive, LinkSession session)
{
    private readonly ulong _number = session.NextHandle();

    public RemoteDriveOptions Options => drive.Node.Options;

    public Frame Request(DriveCallKind kind, int capacity = 0)
    {
        Frame frame = drive.Request(kind, capacity);
        new MessageWriter(frame).Number(_number);
        return frame;
    }

    /// <param name="opening">Takes it over.</param>
    /// <param name="closing">Sent when nobody waits for the answer any more.</param>
    /// <param name="read">Takes the answer apart.</param>
    /// <param name="cancellationToken">Leaves nothing open on the other node.</param>
    public async ValueTask<DriveResult<T>> OpenAsync<T>(
        Frame opening, DriveCallKind closing, DriveReply.BodyReader<T> read, CancellationToken cancellationToken)
    {
        try
        {
            using DriveReply reply = await drive.CallAsync(session, opening, cancellationToken);
            return reply.Read(read);
        }
        catch (OperationCanceledException)
        {
            Close(closing);
            throw;
        }
    }

    /// <summary>Takes the frame over.</summary>
    public ValueTask<DriveReply> CallAsync(Frame request, CancellationToken cancellationToken) =>
        drive.CallAsync(session, request, cancellationToken);

    /// <summary>Takes the frame over.</summary>
    public async ValueTask<DriveFault> CallForFaultAsync(Frame request, CancellationToken cancellationToken)
    {
        using DriveReply reply = await drive.CallAsync(session, request, cancellationToken);
        return reply.Fault;
    }

    /// <summary>Lets it go, and waits for that; but not for ever, as nobody sets a deadline for it.</summary>
    public async ValueTask CloseAsync(DriveCallKind closing)
    {
        using CancellationTokenSource timeout = new(Options.DiscardTimeout, drive.Node.Time);
        try
        {
            await CallForFaultAsync(Request(closing), timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // Too late to matter to anybody here; the node lets it go when it can.
        }
    }

    /// <summary>Lets it go without waiting.</summary>
    public void Close(DriveCallKind closing)
    {
        // Without room for a message it goes as a call, which waits for it: nothing may stay open for want of room.
        if (!session.TryPost(Request(closing)))
        {
            _ = CallAndForgetAsync(closing);
        }
    }

    private async Task CallAndForgetAsync(DriveCallKind closing)
    {
        using CallReply reply = await session.CallAsync(Request(closing), CancellationToken.None);
    }
}
