using Cairn.Drives;
using Cairn.Drives.Registers;

namespace Cairn.Testing.Simulation.Stores.Mutations;

/// <summary>Acknowledges accepts that it forgets: quorums that count it are one drive too small.</summary>
internal sealed class LyingDrive(IDrive inner) : PassingDrive(inner)
{
    public override ValueTask<DriveResult<AcceptReply>> AcceptAsync(
        AcceptRequest request, CancellationToken cancellationToken) =>
        new(new AcceptReply(true, true, request.Entry.Ballot));
}
