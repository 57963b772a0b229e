using System.Diagnostics;

namespace Cairn.Benchmarks.Measurement;

/// <summary>Runs one action in rounds of about equal time and keeps the rates.</summary>
internal sealed class Sampler
{
    private readonly long _bytes;
    private readonly Action _run;
    private readonly int _callsPerRound;
    private readonly List<double> _rates = [];

    public Sampler(long bytes, Action run, TimeSpan roundTime)
    {
        _bytes = bytes;
        _run = run;

        // Long enough for tiered compilation to reach its last tier.
        var warmUp = Stopwatch.StartNew();
        var calls = 0;
        while (warmUp.ElapsedMilliseconds < 250 || calls < 60)
        {
            run();
            calls++;
        }

        var started = Stopwatch.GetTimestamp();
        calls = 0;
        while (Stopwatch.GetElapsedTime(started) < roundTime)
        {
            run();
            calls++;
        }

        _callsPerRound = calls;
    }

    public double Median => At(0.5);

    public double Spread => (At(0.75) - At(0.25)) / 2 / Median;

    /// <summary>One round; returns GB/s.</summary>
    public double Sample()
    {
        var started = Stopwatch.GetTimestamp();
        for (var call = 0; call < _callsPerRound; call++)
        {
            _run();
        }

        var rate = (double)_bytes * _callsPerRound / Stopwatch.GetElapsedTime(started).TotalSeconds / 1e9;
        _rates.Add(rate);
        return rate;
    }

    private double At(double share)
    {
        var sorted = _rates.Order().ToArray();
        return sorted[(int)(share * (sorted.Length - 1))];
    }
}
