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

    /// <summary>One file, written from front to back and synced; in MiB/s.</summary>
    public static double MeasureSequential(string folder, long bytes)
    {
        string path = Path.Combine(folder, "cairn-bench-" + Environment.ProcessId);
        using SafeFileHandle file = File.OpenHandle(
            path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        byte[] block = new byte[1 << 20];
        Random.Shared.NextBytes(block);
        long started = Stopwatch.GetTimestamp();
        for (long position = 0; position < bytes; position += block.Length)
        {
            RandomAccess.Write(file, block, position);
        }

        LinuxCalls.SyncContent(file);
        return bytes / Stopwatch.GetElapsedTime(started).TotalSeconds / (1 << 20);
    }
}
