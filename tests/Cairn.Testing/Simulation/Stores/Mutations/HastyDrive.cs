using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Stores.Mutations;

/// <summary>Votes while it is recovering: its silence about what it lost is taken for knowledge.</summary>
internal sealed class HastyDrive(IDrive inner) : PassingDrive(inner)
{
    public override DriveState State => Inner.State == DriveState.Recovering ? DriveState.Online : Inner.State;

    public override async ValueTask<DriveResult<AcceptReply>> AcceptAsync(
        AcceptRequest request, CancellationToken cancellationToken)
    {
        DriveResult<AcceptReply> reply = await Inner.AcceptAsync(request, cancellationToken);
        return reply.IsOk ? reply.Value with { IsVoting = true } : reply;
    }

    public override async ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken)
    {
        DriveResult<PrepareReply> reply = await Inner.PrepareAsync(key, ballot, slot, cancellationToken);
        return reply is { IsOk: true, Value.View: { } view }
            ? reply.Value with { View = view with { IsVoting = true } }
            : reply;
    }

    public override async ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken)
    {
        DriveResult<RegisterView> read = await Inner.ReadAsync(key, slot, withInline, cancellationToken);
        return read.IsOk ? read.Value with { IsVoting = true } : read;
    }
}
