using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Drives;
using Xunit;

namespace Cairn.SimulationTests.Drives;

/// <summary>Random histories of one drive with crashes and device faults, compared with a model after every step.</summary>
public sealed class DriveHistoryTests
{
    private const ulong Seeds = 400;

    [Fact]
    public void Drive_agrees_with_its_model_through_crashes_and_faults() =>
        Sweep.Pass(Seeds, seed => DriveRun.Run(new World(seed)));
}
