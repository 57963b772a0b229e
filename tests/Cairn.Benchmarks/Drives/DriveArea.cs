using System.Globalization;
using Cairn.Benchmarks.Measurement;

namespace Cairn.Benchmarks.Drives;

/// <summary>
/// Durable writes and reads of small values over four drives, beside what the device and RocksDB alone can do:
/// <c>drives [folder...]</c>, by default in memory and below the current folder.
/// </summary>
internal static class DriveArea
{
    public static int Run(string[] args)
    {
        string[] folders = args.Where(arg => !arg.StartsWith('-')).ToArray() is { Length: > 0 } given
            ? given
            : ["/dev/shm", Environment.CurrentDirectory];
        Console.WriteLine(MachineDescription.Read());
        Console.WriteLine("Rates per second, all four drives together; 64 writers; values of 2 KiB inline.");
        foreach (string folder in folders)
        {
            RunInAsync(folder).GetAwaiter().GetResult();
        }

        return 0;
    }

    private static async Task RunInAsync(string folder)
    {
        Console.WriteLine();
        Console.WriteLine($"{folder,-44} {"per second",12} {"CPU us each",12}");
        Print("fdatasync of 4 KiB, one file", DeviceLimit.MeasureSyncs(folder));
        Print("RocksDB alone: synced 2 KiB puts, groups of 16", await RocksDbLimit.MeasureAsync(folder));
        await using DriveLoad load = await DriveLoad.StartAsync(folder);
        await load.PutAsync(TimeSpan.FromSeconds(1));
        Print("register writes (accept, commit)", await load.PutAsync(TimeSpan.FromSeconds(5)));
        Print("overwrites of 1,000 keys (accept, commit)", await load.OverwriteAsync(TimeSpan.FromSeconds(3)));
        Print("reads with inline shard, any key", await load.ReadAsync(load.KeyCount, TimeSpan.FromSeconds(3)));
        Print("reads with inline shard, 1,000 keys", await load.ReadAsync(1000, TimeSpan.FromSeconds(3)));
        Print("keys listed", await load.ListAsync(TimeSpan.FromSeconds(2)));
        long workingSet = Environment.WorkingSet >> 20;
        (TimeSpan close, TimeSpan open) = await load.ReopenAsync();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{load.KeyCount:N0} keys: closed in {close.TotalMilliseconds:N0} ms, opened in {open.TotalMilliseconds:N0} ms; "
            + $"the process held {workingSet:N0} MiB"));
    }

    private static void Print(string name, Rate rate) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-44} {rate.PerSecond,12:N0} {rate.CpuMicroseconds,12:F1}"));
}
