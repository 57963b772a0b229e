using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cairn.Benchmarks.Http;

/// <summary>A server under measurement in a process of its own: the store, or the bare endpoint.</summary>
/// <remarks>Ownership: disposing ends the process and removes the drives it was given.</remarks>
internal sealed class ServerProcess : IAsyncDisposable
{
    public const string AccessKey = "benchmark";
    public const string SecretKey = "benchmark-secret";
    public const int ClusterNodes = 4;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string? _folder;

    private ServerProcess(Process process, int port, string? folder, TimeSpan startTime)
    {
        _process = process;
        _folder = folder;
        Endpoint = $"http://127.0.0.1:{port}";
        StartTime = startTime;
    }

    public string Endpoint { get; }

    /// <summary>From the start of the process to its word that it is ready.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>The path of the executable that is measured.</summary>
    public static string Cairn { get; } = Environment.GetEnvironmentVariable("CAIRN_EXECUTABLE")
        ?? Path.Combine(RepositoryRoot.Find(), "artifacts", "bin", "Cairn.Server", "release", "cairn");

    public static Task<ServerProcess> StartBareAsync(int objectBytes)
    {
        int port = FindPort();
        string[] arguments = ["http", "bare", Text(port), Text(objectBytes)];
        return StartAsync(Environment.ProcessPath!, arguments, port, folder: null);
    }

    /// <summary>Starts a node on four drives; those of an earlier node are used again when the folder exists.</summary>
    public static Task<ServerProcess> StartCairnAsync(string folder)
    {
        int port = FindPort();
        string[] arguments = ["server", "--address", $"127.0.0.1:{Text(port)}", Path.Combine(folder, "drive{1...4}")];
        return StartAsync(Cairn, arguments, port, folder);
    }

    /// <summary>Starts four nodes with a drive each, which form one store.</summary>
    /// <returns>The nodes; each is to be disposed.</returns>
    public static Task<ServerProcess[]> StartClusterAsync(string folder)
    {
        int[] ports = [.. Enumerable.Range(0, ClusterNodes).Select(_ => FindPort())];
        string[] drives = [.. ports.Select((port, node) => $"http://127.0.0.1:{Text(port)}{FolderOf(node)}/drive")];
        return Task.WhenAll(ports.Select((port, node) => StartAsync(
            Cairn, ["server", "--address", $"127.0.0.1:{Text(port)}", .. drives], port, FolderOf(node))));

        string FolderOf(int node) => $"{folder}-node{Text(node + 1)}";
    }

    /// <summary>A fresh place for drives: on the device to be measured, or in memory.</summary>
    public static string PickFolder(HttpSettings settings, bool isInMemory) => Path.Combine(
        isInMemory ? "/dev/shm" : settings.DriveRoot,
        $"cairn-bench-{Text(Environment.ProcessId)}-{Path.GetRandomFileName()}");

    /// <summary>Resident memory in MiB: of the process, without the page cache.</summary>
    public double ReadResidentMiB()
    {
        string line = File.ReadLines($"/proc/{Text(_process.Id)}/status")
            .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            / 1024.0;
    }

    /// <summary>Processor time the process has used.</summary>
    public TimeSpan ReadProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>Sends a signal, by its name without SIG.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", Text(_process.Id)]);
        kill.WaitForExit();
    }

    /// <summary>Stops it in order and keeps its drives.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
        {
            return;
        }

        Signal("TERM");
        using var limit = new CancellationTokenSource(StopLimit);
        await _process.WaitForExitAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        if (_folder is not null && Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static async Task<ServerProcess> StartAsync(string program, string[] arguments, int port, string? folder)
    {
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }

        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CAIRN_ROOT_USER"] = AccessKey;
        start.Environment["CAIRN_ROOT_PASSWORD"] = SecretKey;
        start.Environment["CAIRN_CLUSTER_SECRET"] = "a secret of benchmarks";
        long began = Stopwatch.GetTimestamp();
        Process process = Process.Start(start)!;
        Task<string> log = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("ready", StringComparison.OrdinalIgnoreCase))
            {
                TimeSpan startTime = Stopwatch.GetElapsedTime(began);
                _ = process.StandardOutput.ReadToEndAsync();
                return new ServerProcess(process, port, folder, startTime);
            }
        }

        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended before it was ready: {await log}");
    }

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
