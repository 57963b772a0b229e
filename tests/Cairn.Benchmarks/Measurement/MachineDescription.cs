using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Cairn.Benchmarks.Measurement;

/// <summary>The line that makes a figure worth keeping: processor, cores, load, system, runtime, commit, time.</summary>
internal static class MachineDescription
{
    public static string Read()
    {
        var processor = ReadField("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        return $"Machine: {processor}, {Environment.ProcessorCount} cores, load {ReadLoad()}, " +
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}\n" +
            $"Commit: {ReadCommit()}, {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC";
    }

    private static string? ReadField(string file, string name) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':')[1].Trim()
        : null;

    private static string ReadLoad() =>
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string ReadCommit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "describe --always --dirty --abbrev=10")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        return git?.StandardOutput.ReadToEnd().Trim() is { Length: > 0 } commit ? commit : "unknown";
    }
}
