using System.Diagnostics;

namespace Cairn.Benchmarks.Drives;

/// <summary>How often something was done, and the processor time that each cost the whole process.</summary>
internal readonly record struct Rate(double PerSecond, double CpuMicroseconds)
{
    public static async Task<Rate> MeasureAsync(Func<Task<long>> work)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        long count = await work();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        TimeSpan spent = Environment.CpuUsage.TotalTime - cpu;
        return new Rate(count / seconds, spent.TotalMicroseconds / count);
    }
}
