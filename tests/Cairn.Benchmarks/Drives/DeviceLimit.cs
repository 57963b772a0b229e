using System.Diagnostics;
using Cairn.Drives.Os;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Benchmarks.Drives;

/// <summary>What the device does without anything above it.</summary>
internal static class DeviceLimit
{
    public static Rate MeasureSyncs(string folder)
    {
        string path = Path.Combine(folder, "cairn-bench-" + Environment.ProcessId);
        using SafeFileHandle file = File.OpenHandle(
            path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        byte[] block = new byte[4096];
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        long count = 0;
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1))
        {
            RandomAccess.Write(file, block, count * block.Length);
            LinuxCalls.SyncContent(file);
            count++;
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Rate(count / seconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count);
    }
}
