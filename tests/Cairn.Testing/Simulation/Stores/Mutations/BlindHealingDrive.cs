using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Stores.Mutations;

/// <summary>Takes what healing brings without a look at what it holds: an older version covers a newer one.</summary>
/// <remarks>
/// Healing is recognised by what it sends: a value under the ballot that it was chosen with, after it was chosen. A drive
/// in order refuses it where it has promised or holds something higher.
/// </remarks>
/// <param name="inner">The drive.</param>
/// <param name="chosen">What any drive of the run was told to be chosen; shared by all.</param>
internal sealed class BlindHealingDrive(IDrive inner, HashSet<(RegisterKey Key, VersionId Slot, Ballot Ballot)> chosen)
    : PassingDrive(inner)
{
    private readonly Dictionary<(RegisterKey Key, VersionId Slot, Ballot Ballot), Ballot> _raised = [];

    public override async ValueTask<DriveResult<AcceptReply>> AcceptAsync(
        AcceptRequest request, CancellationToken cancellationToken)
    {
        DriveResult<AcceptReply> reply = await Inner.AcceptAsync(request, cancellationToken);
        RegisterEntry entry = request.Entry;
        if (reply is not { IsOk: true, Value: { IsAccepted: false, IsBucketClosed: false } }
            || !chosen.Contains((request.Key, entry.Slot, entry.Ballot)))
        {
            return reply;
        }

        Ballot above = reply.Value.Highest with { Incarnation = reply.Value.Highest.Incarnation + 1 };
        _raised[(request.Key, entry.Slot, entry.Ballot)] = above;
        return await Inner.AcceptAsync(request with { Entry = entry with { Ballot = above } }, cancellationToken);
    }

    public override async ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        chosen.Add((request.Key, request.Slot, request.Ballot));
        return _raised.Remove((request.Key, request.Slot, request.Ballot), out Ballot above)
            ? await Inner.CommitAsync(request with { Ballot = above }, cancellationToken)
            : await Inner.CommitAsync(request, cancellationToken);
    }
}
