using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Registers;

namespace Cairn.Cluster.RemoteDrives;

public sealed partial class RemoteDrive
{
    private async ValueTask<DriveResult<DriveFault[]>> SendCommitsAsync(
        IReadOnlyList<CommitRequest> requests, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_node.Link.Session(LinkLane.Calls) is not { } session)
        {
            return DriveFault.Offline;
        }

        if (requests.Count == 1 || session.Version < ProtocolRange.WithBundles)
        {
            return await SendOneByOneAsync(session, requests, cancellationToken);
        }

        Frame frame = Request(DriveCallKind.Commits, requests.Sum(static request => CommitCapacity(request)));
        DriveRequestCodec.WriteCommits(new MessageWriter(frame), requests);
        using DriveReply reply = await CallAsync(session, frame, cancellationToken);
        DriveResult<DriveFault[]> faults = reply.Read(DriveReplyCodec.ReadFaults);
        return faults.IsOk && faults.Value.Length != requests.Count ? DriveFault.Io : faults;
    }

    private async ValueTask<DriveResult<DriveFault[]>> SendOneByOneAsync(
        LinkSession session, IReadOnlyList<CommitRequest> requests, CancellationToken cancellationToken)
    {
        DriveFault[] faults = new DriveFault[requests.Count];
#pragma warning disable CA2012 // All are sent before the first is awaited.
        ValueTask<DriveFault>[] calls = [.. requests.Select(request =>
        {
            Frame frame = Request(DriveCallKind.Commit, CommitCapacity(request));
            DriveRequestCodec.WriteCommit(new MessageWriter(frame), request);
            return CallForFaultAsync(session, frame, cancellationToken);
        })];
        for (int i = 0; i < faults.Length; i++)
        {
            faults[i] = await calls[i];
        }
#pragma warning restore CA2012

        return faults;
    }

    // The fixed fields of a commit, and who missed it.
    private static int CommitCapacity(CommitRequest request) =>
        request.Key.Encoded.Length + 64 + (request.Missed.Count * 16);
}
