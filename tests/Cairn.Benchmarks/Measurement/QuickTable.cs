using System.Globalization;

namespace Cairn.Benchmarks.Measurement;

/// <summary>Measures cases one after the other and prints one line for each as soon as it is known.</summary>
/// <remarks>
/// Purpose: a figure counts as a ratio taken in one run on one machine. So a case and its reference take turns in
/// short rounds: a neighbour on the machine slows down both, and the median of the rounds' ratios stays right when the
/// absolute figures do not. Bars are judged by that ratio, or by the median rate where there is no reference.
/// </remarks>
internal sealed class QuickTable(string filter)
{
    private const int RoundCount = 25;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(12);

    private bool _hasHeader;
    private int _missedCount;

    /// <summary>Adds one case.</summary>
    /// <param name="name">What is done, with its sizes.</param>
    /// <param name="bytes">Payload bytes of one call.</param>
    /// <param name="run">The work.</param>
    /// <param name="reference">What it is compared with, doing the same work on the same bytes; null: nothing.</param>
    /// <param name="bar">The least ratio, or rate in GB/s without a reference; null: not judged.</param>
    /// <param name="usesThreads">The work runs on other threads too, so its processor time counts.</param>
    public void Measure(
        string name, long bytes, Action run, (string Name, long Bytes, Action Run)? reference, double? bar,
        bool usesThreads = false)
    {
        if (!name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        PrintHeader();
        var work = new Sampler(bytes, run, RoundTime, usesThreads);
        var other = reference is { } given ? new Sampler(given.Bytes, given.Run, RoundTime, usesThreads: false) : null;
        var ratios = new List<double>(RoundCount);
        for (var round = 0; round < RoundCount; round++)
        {
            var rate = work.Sample();
            if (other is not null)
            {
                ratios.Add(rate / other.Sample());
            }
        }

        ratios.Sort();
        // As printed: a third decimal is noise.
        var judged = Math.Round(other is null ? work.Median : ratios[RoundCount / 2], 2);
        _missedCount += judged < bar ? 1 : 0;
        PrintRow(name, work, reference?.Name, other, other is null ? null : judged);
        PrintVerdict(judged, bar, other is null ? " GB/s" : "x");
    }

    /// <summary>The exit code: 1 when a bar was missed.</summary>
    public int Finish() => _missedCount == 0 ? 0 : 1;

    private static void PrintRow(string name, Sampler work, string? referenceName, Sampler? reference, double? ratio)
    {
        Write($"{name,-38} {work.Median,8:F2} {work.Spread,7:P0}   ");
        Write($"{referenceName,-24} {reference?.Median,8:F2} {reference?.Spread,7:P0} {ratio,8:0.00x}");
    }

    private static void PrintVerdict(double judged, double? bar, string unit)
    {
        if (bar is not null)
        {
            Write($"{$">= {bar:0.0#}{unit}",13} {(judged >= bar ? "met" : "MISSED")}");
        }

        Console.WriteLine();
    }

    private static void Write(FormattableString text) => Console.Write(text.ToString(CultureInfo.InvariantCulture));

    private void PrintHeader()
    {
        if (_hasHeader)
        {
            return;
        }

        _hasHeader = true;
        Console.WriteLine(MachineDescription.Read());
        Console.WriteLine(
            $"Rates in GB/s (10^9 bytes) of payload per core, median of {RoundCount} rounds; " +
            "spread: half the interquartile range over the median.");
        Console.WriteLine();
        Console.WriteLine(
            $"{"case",-38} {"GB/s",8} {"spread",7}   {"reference",-24} {"GB/s",8} {"spread",7} {"ratio",8}{"bar",13}");
    }
}
