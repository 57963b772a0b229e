using Cairn.Drives.Index;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Disks;

namespace Cairn.Testing.Drives;

/// <summary>The index of a simulated disk.</summary>
internal sealed class SimIndexFixture(World world) : IndexFixture
{
    private readonly SimDisk _disk = new(world, "disk");

    public override IDriveIndex Index { get; protected set; } = null!;

    public static async Task<SimIndexFixture> StartAsync(World world)
    {
        SimIndexFixture fixture = new(world);
        fixture.Index = await SimIndex.OpenAsync(fixture._disk.Mount(), world.Root);
        return fixture;
    }

    public override async Task ReopenAsync()
    {
        await Index.DisposeAsync();
        Index = await SimIndex.OpenAsync(_disk.Mount(), world.Root);
    }

    public override ValueTask DisposeAsync() => Index.DisposeAsync();
}
