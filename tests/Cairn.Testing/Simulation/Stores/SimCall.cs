using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>Calls of one coordinator to one drive: late by chance, and as late as it likes while the coordinator sleeps.</summary>
/// <remarks>
/// A call that its caller has given up is made all the same, as a message on its way would be. The drive belongs to others:
/// disposing does nothing.
/// </remarks>
internal sealed class SimCall(IDrive inner, SimLayoutNode node, SimProcess process, SimRandom random) : PassingDrive(inner)
{
    private const double LateChance = 0.1;

    public override IDrive At(long epoch) => new SimCall(Inner.At(epoch), node, process, random);

    public override async ValueTask<DriveResult<AcceptReply>> AcceptAsync(
        AcceptRequest request, CancellationToken cancellationToken)
    {
        await TravelAsync();
        return await Inner.AcceptAsync(request, CancellationToken.None);
    }

    public override async ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken)
    {
        await TravelAsync();
        return await Inner.PrepareAsync(key, ballot, slot, CancellationToken.None);
    }

    public override async ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        await TravelAsync();
        return await Inner.CommitAsync(request, CancellationToken.None);
    }

    public override async ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken)
    {
        // Not late by chance: answers of one read that are seconds apart are a question of the protocol without any layout.
        await node.AwakeAsync();
        return await Inner.ReadAsync(key, slot, withInline, CancellationToken.None);
    }

#pragma warning disable CA2215 // The drive is shared by all coordinators.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215

    private async ValueTask TravelAsync()
    {
        if (random.Chance(LateChance))
        {
            await Task.Delay(random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(random.Pick([5, 50, 2_000]))), process.Time);
        }

        await node.AwakeAsync();
    }
}
