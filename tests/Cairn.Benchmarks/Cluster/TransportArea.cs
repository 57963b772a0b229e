using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Cairn.Benchmarks.Drives;
using Cairn.Benchmarks.Measurement;
using Cairn.Cluster.Security;
using Cairn.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Benchmarks.Cluster;

/// <summary>
/// The wire between nodes: the product's frames beside HTTP/2 and HTTP/1.1, and what protecting them costs:
/// <c>transport [seconds]</c>. Both ends are in this process, so the processor time is that of both.
/// </summary>
internal static class TransportArea
{
    private const int CallBytes = 4 << 10;
    private const int CallsAtOnce = 64;
    private const int StreamBytes = 1 << 20;
    private const int StreamsAtOnce = 8;
    private const int Rounds = 3;

    public static int Run(string[] args)
    {
        double seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 2;
        Console.WriteLine(MachineDescription.Read());
        MeasureProtection();
        MeasureAsync(TimeSpan.FromSeconds(seconds)).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task MeasureAsync(TimeSpan time)
    {
        string folder = Directory.CreateTempSubdirectory("cairn-transport-").FullName;
        Issue(folder);
        IWire[] wires =
        [
            await FrameWire.StartAsync("frames, plain", null),
            await FrameWire.StartAsync("frames, secret", ClusterSecurity.WithSecret("a secret for benchmarks")),
            await FrameWire.StartAsync(
                "frames, mutual TLS", ClusterSecurity.WithCertificates(folder, TimeProvider.System, NullLogger.Instance)),
            await HttpWire.StartAsync(new Version(2, 0)),
            await HttpWire.StartAsync(new Version(1, 1)),
        ];
        byte[] call = RandomNumberGenerator.GetBytes(CallBytes);
        byte[] stream = RandomNumberGenerator.GetBytes(StreamBytes);
        Console.WriteLine();
        Console.WriteLine($"{"wire",-22} {"4 KiB calls/s",14} {"CPU us each",12} {"1 MiB streams, MiB/s",21} {"CPU us each",12}");
        foreach (IWire wire in wires)
        {
            await LoadAsync(CallsAtOnce, TimeSpan.FromSeconds(0.5), () => wire.CallAsync(call));
            await LoadAsync(StreamsAtOnce, TimeSpan.FromSeconds(0.5), () => wire.StreamAsync(stream));
        }

        // In turns, so that what else the machine does falls on all of them; the best round of each counts.
        var calls = new Rate[wires.Length, Rounds];
        var streams = new Rate[wires.Length, Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < wires.Length; i++)
            {
                IWire wire = wires[i];
                calls[i, round] = await LoadAsync(CallsAtOnce, time, () => wire.CallAsync(call));
                streams[i, round] = await LoadAsync(StreamsAtOnce, time, () => wire.StreamAsync(stream));
            }
        }

        for (int i = 0; i < wires.Length; i++)
        {
            Rate one = Best(calls, i);
            Rate whole = Best(streams, i);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{wires[i].Name,-22} {one.PerSecond,14:N0} {one.CpuMicroseconds,12:F1} "
                + $"{whole.PerSecond,21:N0} {whole.CpuMicroseconds,12:F0}"));
            await wires[i].DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static Rate Best(Rate[,] rates, int wire) => new(
        Enumerable.Range(0, Rounds).Max(round => rates[wire, round].PerSecond),
        Enumerable.Range(0, Rounds).Min(round => rates[wire, round].CpuMicroseconds));

    private static Task<Rate> LoadAsync(int atOnce, TimeSpan time, Func<Task> call) => Rate.MeasureAsync(async () =>
    {
        long started = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            long count = 0;
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                await call();
                count++;
            }

            return count;
        })));
        return counts.Sum();
    });

    private static void MeasureProtection()
    {
        Console.WriteLine();
        Console.WriteLine($"{"protection of a frame",-34} {"us each",10} {"GB/s",8}");
        byte[] key = RandomNumberGenerator.GetBytes(32);
        using AesGcm cipher = new(key, 16);
        using IncrementalHash mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (int size in (int[])[CallBytes, 128 << 10])
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(size);
            byte[] target = new byte[size];
            byte[] tag = new byte[32];
            byte[] nonce = new byte[12];
            Print("AES-256-GCM", size, () => cipher.Encrypt(nonce, bytes, target, tag.AsSpan(0, 16)));
            Print("HMAC-SHA256", size, () =>
            {
                mac.AppendData(bytes);
                mac.GetHashAndReset(tag);
            });
        }
    }

    private static void Print(string name, int size, Action action)
    {
        Sampler sampler = new(size, action, TimeSpan.FromMilliseconds(100), usesThreads: false);
        for (int i = 0; i < 5; i++)
        {
            sampler.Sample();
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name + ", " + (size >> 10) + " KiB",-34} {size / sampler.Median / 1e3,10:F2} {sampler.Median,8:F2}"));
    }

    private static void Issue(string folder)
    {
        using CertificateAuthority authority = CertificateAuthority.New(TimeSpan.FromDays(1), TimeProvider.System, new OsEntropy());
        (string certificate, string key) = authority.IssueNode(["127.0.0.1"], TimeSpan.FromHours(12));
        File.WriteAllText(Path.Combine(folder, "ca.crt"), authority.CertificatePem);
        File.WriteAllText(Path.Combine(folder, "node.crt"), certificate);
        File.WriteAllText(Path.Combine(folder, "node.key"), key);
    }

    private sealed class OsEntropy : IEntropy
    {
        public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
    }
}
