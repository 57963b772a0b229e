using System.Globalization;

namespace Cairn.Testing.Simulation;

/// <summary>One thing that happened in a world. Formatted only when somebody reads it.</summary>
internal readonly record struct TraceEvent(long TimeTicks, string Source, string What, string Detail, long Number)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{TimeTicks / (double)TimeSpan.TicksPerMillisecond,12:F4} ms  {Source,-12} {What} {Detail} {Number}");
}
