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
        var verdict = bar is null ? "" : judged >= bar ? "met" : "MISSED";
        _missedCount += judged < bar ? 1 : 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-38} {work.Median,8:F2} {work.Spread,7:P0}   {reference?.Name ?? "",-24} {other?.Median,8:F2} {other?.Spread,7:P0} {(other is null ? "" : $"{judged:F2}x"),8} {(bar is null ? "" : other is null ? $">= {bar:F1} GB/s" : $">= {bar:0.0#}x"),12} {verdict}"));
    }

    /// <summary>The exit code: 1 when a bar was missed.</summary>
    public int Finish() => _missedCount == 0 ? 0 : 1;

    private void PrintHeader()
    {
        if (_hasHeader)
        {
            return;
        }

        _hasHeader = true;
        Console.WriteLine(MachineDescription.Read());
        Console.WriteLine("Rates in GB/s (10^9 bytes) of payload per core, median of 25 rounds; spread: half the interquartile range over the median.");
        Console.WriteLine();
        Console.WriteLine($"{"case",-38} {"GB/s",8} {"spread",7}   {"reference",-24} {"GB/s",8} {"spread",7} {"ratio",8} {"bar",12}");
    }
}
