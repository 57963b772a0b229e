using System.Collections.Concurrent;
using System.Globalization;

namespace Cairn.SimulationTests.Membership;

/// <summary>What the scenarios measured, in virtual time; written to the file that CAIRN_MEASURED names.</summary>
internal static class Measured
{
    private static readonly ConcurrentDictionary<string, List<double>> Durations = new(StringComparer.Ordinal);

    public static void Add(string what, TimeSpan duration)
    {
        List<double> durations = Durations.GetOrAdd(what, _ => []);
        lock (durations)
        {
            durations.Add(duration.TotalSeconds);
        }

        if (Environment.GetEnvironmentVariable("CAIRN_MEASURED") is { Length: > 0 } path)
        {
            Write(path);
        }
    }

    private static void Write(string path)
    {
        lock (Durations)
        {
            File.WriteAllLines(path, Durations.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row =>
            {
                lock (row.Value)
                {
                    double[] sorted = [.. row.Value.Order()];
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.Key}: median {sorted[sorted.Length / 2]:F2}, most {sorted[^1]:F2}, runs {sorted.Length}");
                }
            }));
        }
    }
}
