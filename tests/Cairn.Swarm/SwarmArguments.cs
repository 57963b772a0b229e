using System.Globalization;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Swarm;

/// <summary>Options of both commands.</summary>
internal sealed record SwarmArguments
{
    public ulong Seeds { get; init; } = 100;

    public ulong Start { get; init; }

    public string Workload { get; init; } = "store";

    public StoreMutation Mutation { get; init; } = StoreMutation.None;

    /// <summary>Events shown by replay.</summary>
    public int Trace { get; init; } = 200;

    public static bool TryParse(string[] text, out SwarmArguments? arguments)
    {
        arguments = new SwarmArguments();
        for (int i = 0; i < text.Length; i += 2)
        {
            if (i + 1 == text.Length)
            {
                return false;
            }

            string value = text[i + 1];
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            SwarmArguments? next = text[i] switch
            {
                "--seeds" when isNumber => arguments with { Seeds = (ulong)number },
                "--start" when isNumber => arguments with { Start = (ulong)number },
                "--trace" when isNumber => arguments with { Trace = number },
                "--workload" when value is "store" or "links" or "elastic" or "drive" or "members" or "cluster" or "elastic-cluster" =>
                    arguments with { Workload = value },
                "--mutation" when StoreMutation.Find(value) is { } mutation => arguments with { Mutation = mutation },
                _ => null,
            };
            if (next is null)
            {
                return false;
            }

            arguments = next;
        }

        return true;
    }
}
