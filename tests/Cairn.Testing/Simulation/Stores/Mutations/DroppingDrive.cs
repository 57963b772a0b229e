using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Stores.Mutations;

/// <summary>Drops the superseded value when it accepts a new one, instead of when the new one is known to be chosen.</summary>
internal sealed class DroppingDrive(IDrive inner) : PassingDrive(inner)
{
    // Entries that the drive below holds as committed only because of this mutation.
    private readonly HashSet<(RegisterKey Key, VersionId Slot, Ballot Ballot)> _pending = [];

    public override async ValueTask<DriveResult<AcceptReply>> AcceptAsync(
        AcceptRequest request, CancellationToken cancellationToken)
    {
        DriveResult<AcceptReply> accepted = await Inner.AcceptAsync(request, cancellationToken);
        if (accepted is { IsOk: true, Value.IsAccepted: true })
        {
            RegisterEntry entry = request.Entry;
            _pending.Add((request.Key, entry.Slot, entry.Ballot));
            await Inner.CommitAsync(
                new CommitRequest(request.Key, entry.Slot, entry.Ballot, []), cancellationToken);
        }

        return accepted;
    }

    public override ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        _pending.Remove((request.Key, request.Slot, request.Ballot));
        return Inner.CommitAsync(request, cancellationToken);
    }

    public override async ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken)
    {
        DriveResult<RegisterView> read = await Inner.ReadAsync(key, slot, withInline, cancellationToken);
        return read.IsOk ? Disguise(key, read.Value) : read;
    }

    public override async ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken)
    {
        DriveResult<PrepareReply> reply = await Inner.PrepareAsync(key, ballot, slot, cancellationToken);
        return reply is { IsOk: true, Value.View: { } view }
            ? reply.Value with { View = Disguise(key, view) }
            : reply;
    }

    private RegisterView Disguise(RegisterKey key, RegisterView view) => view with
    {
        Entries = [.. view.Entries.Select(
            e => _pending.Contains((key, e.Slot, e.Ballot)) ? e with { IsCommitted = false } : e)],
    };
}
