using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Drives;

namespace Cairn.Swarm;

/// <summary>Runs one seed of a workload.</summary>
internal static class SeedRunner
{
    /// <returns>The world after its end; its trace hash tells two runs apart.</returns>
    /// <exception cref="SimulationFailure">A rule was broken.</exception>
    public static World Run(ulong seed, SwarmArguments arguments, int traceWindow)
    {
        var world = new World(seed, new WorldOptions { TraceWindow = traceWindow });
        DriveRun.Run(world);
        return world;
    }
}
