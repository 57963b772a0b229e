using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Stores.Mutations;

/// <summary>Does not tell that it may have forgotten something: its silence is taken for a vote.</summary>
internal sealed class FloorlessDrive(IDrive inner) : PassingDrive(inner)
{
    public override async ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken)
    {
        DriveResult<RegisterView> read = await Inner.ReadAsync(key, slot, withInline, cancellationToken);
        return read.IsOk ? read.Value with { Floor = Ballot.Zero } : read;
    }

    public override async ValueTask<DriveResult<ListReply>> ListAsync(
        ListRequest request, CancellationToken cancellationToken)
    {
        DriveResult<ListReply> listed = await Inner.ListAsync(request, cancellationToken);
        return listed.IsOk ? listed.Value with { Floor = Ballot.Zero } : listed;
    }
}
