using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Drives;
using Cairn.Testing.Simulation.Clusters;
using Cairn.Testing.Simulation.Members;
using Cairn.Testing.Simulation.Stores;

namespace Cairn.Swarm;

/// <summary>Runs one seed of a workload.</summary>
internal static class SeedRunner
{
    /// <summary>Of all runs that passed.</summary>
    public static OutcomeCounts Outcomes { get; } = new();

    /// <returns>The world after its end; its trace hash tells two runs apart.</returns>
    /// <exception cref="SimulationFailure">A rule was broken.</exception>
    public static World Run(ulong seed, SwarmArguments arguments, int traceWindow)
    {
        var world = new World(seed, new WorldOptions { TraceWindow = traceWindow });
        if (arguments.Workload == "drive")
        {
            DriveRun.Run(world);
        }
        else if (arguments.Workload == "members")
        {
            MembersRun.Run(world);
        }
        else
        {
            OutcomeCounts outcomes = arguments.Workload is "cluster" or "elastic-cluster"
                ? ClusterRun.Run(world, arguments.Mutation, isElastic: arguments.Workload == "elastic-cluster")
                : StoreRun.Run(
                    world,
                    arguments.Mutation,
                    isLinked: arguments.Workload == "links",
                    isElastic: arguments.Workload == "elastic");
            lock (Outcomes)
            {
                Outcomes.Add(outcomes);
            }
        }

        return world;
    }
}
