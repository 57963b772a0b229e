using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>A drive of another node, called in the name of an epoch.</summary>
internal sealed class RemoteDriveCaller(RemoteDrive drive, long epoch) : DelegatingDrive(drive)
{
    public long Epoch => epoch;

    public override ValueTask<DriveResult<AcceptReply>> AcceptAsync(
        AcceptRequest request, CancellationToken cancellationToken) =>
        drive.AcceptAsync(request, epoch, cancellationToken);

    public override ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken) =>
        drive.PrepareAsync(key, ballot, slot, epoch, cancellationToken);

    public override ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken) =>
        drive.ReadAsync(key, slot, withInline, epoch, cancellationToken);

    public override ValueTask<DriveResult<ListReply>> ListAsync(
        ListRequest request, CancellationToken cancellationToken) =>
        drive.ListAsync(request, epoch, cancellationToken);
}
