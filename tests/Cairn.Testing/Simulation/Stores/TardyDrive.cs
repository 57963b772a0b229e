using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>A drive that now and then begins a read late, or whose answer comes late: a process that stands still.</summary>
/// <remarks>So that the answers which one read puts together are of very different times.</remarks>
internal sealed class TardyDrive(IDrive inner, TimeProvider time, SimRandom random) : PassingDrive(inner)
{
    public override async ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken)
    {
        await LingerAsync();
        DriveResult<RegisterView> read = await base.ReadAsync(key, slot, withInline, cancellationToken);
        await LingerAsync();
        return read;
    }

    public override async ValueTask<DriveResult<ListReply>> ListAsync(
        ListRequest request, CancellationToken cancellationToken)
    {
        await LingerAsync();
        DriveResult<ListReply> listed = await base.ListAsync(request, cancellationToken);
        await LingerAsync();
        return listed;
    }

    private Task LingerAsync() => random.PickWeighted([12, 4, 3, 1]) switch
    {
        0 => Task.CompletedTask,
        1 => Task.Delay(random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(5)), time),
        2 => Task.Delay(random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)), time),
        _ => Task.Delay(random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(1)), time),
    };
}
