using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Stores.Mutations;

/// <summary>Promises, and keeps no promise: a lower ballot is accepted afterwards.</summary>
internal sealed class PromiselessDrive(IDrive inner) : PassingDrive(inner)
{
    public override async ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken)
    {
        DriveResult<RegisterView> read = await Inner.ReadAsync(key, slot, false, cancellationToken);
        return !read.IsOk ? read.Fault
            : ballot <= read.Value.Promised ? new PrepareReply(false, read.Value.Promised, null)
            : new PrepareReply(true, ballot, read.Value with { Promised = ballot });
    }
}
