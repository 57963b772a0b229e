using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Stores.Mutations;

/// <summary>Calls everything committed, so that readers serve what a later reader may not find.</summary>
internal sealed class TrustingDrive(IDrive inner) : PassingDrive(inner)
{
    public override async ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken)
    {
        DriveResult<RegisterView> read = await Inner.ReadAsync(key, slot, withInline, cancellationToken);
        return read.IsOk
            ? read.Value with { Entries = [.. read.Value.Entries.Select(e => e with { IsCommitted = true })] }
            : read;
    }
}
