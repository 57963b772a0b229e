using Cairn.Testing.Simulation;

namespace Cairn.Swarm;

/// <summary>Runs one seed twice and shows how it ends.</summary>
internal static class ReplayCommand
{
    public static int Run(ulong seed, SwarmArguments arguments)
    {
        (string first, ulong hash, bool isViolation) = RunOnce(seed, arguments);
        (_, ulong again, _) = RunOnce(seed, arguments);
        Console.WriteLine(first);
        Console.WriteLine(hash == again
            ? $"Both runs have the trace {hash:x16}."
            : $"NOT DETERMINISTIC: trace {hash:x16}, then {again:x16}.");
        return hash == again && !isViolation ? 0 : 1;
    }

    private static (string Text, ulong Hash, bool IsViolation) RunOnce(ulong seed, SwarmArguments arguments)
    {
        try
        {
            World world = SeedRunner.Run(seed, arguments, arguments.Trace);
            string text = string.Join('\n', world.Trace.Window().Select(e => e.ToString()));
            return (text + $"\nseed {seed}: passed", world.Trace.Hash, false);
        }
        catch (SimulationFailure failure)
        {
            return (failure.Message, failure.TraceHash, true);
        }
    }
}
