using System.Diagnostics;

namespace Cairn.Benchmarks.Measurement;

/// <summary>Runs one action in rounds of about equal time and keeps the rates.</summary>
/// <remarks>The clock is that of the wall for work on the calling thread, and the processor time of the process for
/// work on several threads: rates are always per core.</remarks>
internal sealed class Sampler
{
    private readonly long _bytes;
    private readonly Action _run;
    private readonly Func<TimeSpan> _clock;
    private readonly int _callsPerRound;
    private readonly List<double> _rates = [];

    public Sampler(long bytes, Action run, TimeSpan roundTime, bool usesThreads)
    {
        _clock = usesThreads ? () => Environment.CpuUsage.TotalTime : () => Stopwatch.GetElapsedTime(0);
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
        var started = _clock();
        for (var call = 0; call < _callsPerRound; call++)
        {
            _run();
        }

        var rate = (double)_bytes * _callsPerRound / (_clock() - started).TotalSeconds / 1e9;
        _rates.Add(rate);
        return rate;
    }

    private double At(double share)
    {
        var sorted = _rates.Order().ToArray();
        return sorted[(int)(share * (sorted.Length - 1))];
    }
}
