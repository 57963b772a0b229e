using System.Globalization;
using Cairn.Swarm;

// Exit codes: 0 every seed passed, 1 a violation, 2 wrong usage, 3 a mutation was not caught.
return args switch
{
    ["swarm", .. string[] rest] when SwarmArguments.TryParse(rest, out SwarmArguments? arguments) => SwarmCommand.Run(arguments!),
    ["replay", string seed, .. string[] rest]
        when ulong.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            && SwarmArguments.TryParse(rest, out SwarmArguments? arguments) => ReplayCommand.Run(number, arguments!),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        Runs seeds of the deterministic simulation.

          swarm --seeds 10000 [--start 0] [--workload store|links|elastic|drive|members|cluster|elastic-cluster] [--mutation NAME]
              Runs many seeds on two threads. With a mutation: until one seed catches it.
          replay SEED [--workload store|links|elastic|drive|members|cluster|elastic-cluster] [--mutation NAME] [--trace 200]
              Runs one seed twice, checks that both runs are the same, and prints its end.

        Mutations: see docs/testing.md.
        """);
    return 2;
}
