using System.Globalization;
using System.Text;

namespace Cairn.Testing.Simulation;

/// <summary>A world found something that must not be. The message holds all that is needed to see it again.</summary>
internal sealed class SimulationFailure : Exception
{
    public SimulationFailure(ulong seed, string reason, SimTrace trace, Exception? inner = null)
        : base(Describe(seed, reason, trace, inner), inner)
    {
        Seed = seed;
        Reason = reason;
        TraceHash = trace.Hash;
    }

    public ulong Seed { get; }

    public string Reason { get; }

    public ulong TraceHash { get; }

    private static string Describe(ulong seed, string reason, SimTrace trace, Exception? inner)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {seed}: {reason}");
        text.AppendLine(CultureInfo.InvariantCulture, $"trace {trace.Hash:x16}, {trace.Count} events, the last of them:");
        foreach (TraceEvent happened in trace.Window())
        {
            text.AppendLine(happened.ToString());
        }

        if (inner is not null)
        {
            text.AppendLine(inner.ToString());
        }

        return text.ToString();
    }
}
