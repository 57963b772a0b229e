using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cairn.SystemTests.Harness;

/// <summary>One real <c>cairn server</c> process on temporary drives.</summary>
/// <remarks>
/// <para>Purpose: start, kill, freeze, stop and start again what a user would run, and see its files and memory.</para>
/// <para>Invariants: the drive folders, the port and the credentials stay the same over restarts; nothing survives
/// disposal but the log of a failed test, which is kept below artifacts/system-tests.</para>
/// <para>Concurrency: one test drives a node; the log is appended by the process's output threads under a lock.</para>
/// <para>Failure: a process that ends while it should become ready fails the test with its log.</para>
/// </remarks>
internal sealed class ProcessNode : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly ProcessNodeOptions _options;
    private readonly ScratchFolder _scratch;
    private readonly StringBuilder _log = new();
    private readonly HttpClient _probe;
    private readonly int _consolePort = PickFreePort();
    private Process? _process;

    private ProcessNode(ProcessNodeOptions options)
    {
        _options = options;
        _scratch = new ScratchFolder(options.ParentFolder);
        _probe = new HttpClient(CreateProbeHandler(options.Certificate)) { Timeout = TimeSpan.FromSeconds(5) };
        Port = PickFreePort();
        DriveFolders = [.. Enumerable.Range(1, options.DriveCount).Select(n => _scratch.CreateFolder($"drive{n}"))];
        DriveArguments = DriveFolders;
    }

    public string AccessKey { get; } = "cairn-system-test";

    public string SecretKey { get; } = "s3cr3t/with+signs=and-length";

    public int Port { get; }

    public Uri Endpoint => new($"{(_options.Certificate is null ? "http" : "https")}://{_options.Host}:{Port}");

    public IReadOnlyList<string> DriveFolders { get; }

    /// <summary>What <c>cairn server</c> is told of drives; of a node of a cluster, those of all nodes.</summary>
    public IReadOnlyList<string> DriveArguments { get; set; }

    /// <summary>A folder beside the drives, for whatever a test wants to move away or keep.</summary>
    public string AsideFolder => _scratch.CreateFolder("aside");

    public bool IsRunning => _process is { HasExited: false };

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>The last lines of the log, for messages that people read.</summary>
    public string LogTail => string.Join('\n', Log.Split('\n').TakeLast(30));

    public int CountInLog(string text) => Log.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>From the start of the process to its first ready answer, of the last start.</summary>
    public TimeSpan StartDuration { get; private set; }

    /// <summary>A node that is started later.</summary>
    public static ProcessNode Prepare(ProcessNodeOptions options) => new(options);

    public static async Task<ProcessNode> StartNewAsync(ProcessNodeOptions? options = null)
    {
        var node = new ProcessNode(options ?? new ProcessNodeOptions());
        await node.StartAsync();
        return node;
    }

    public async Task StartAsync()
    {
        var clock = Stopwatch.StartNew();
        Launch();
        await WaitReadyAsync();
        StartDuration = clock.Elapsed;
    }

    /// <summary>SIGKILL: the process has no say in it.</summary>
    public async Task KillAsync()
    {
        ProcessSignals.Send(_process!, ProcessSignals.Kill);
        await _process!.WaitForExitAsync();
    }

    public void Freeze() => ProcessSignals.Send(_process!, ProcessSignals.Stop);

    public void Thaw() => ProcessSignals.Send(_process!, ProcessSignals.Continue);

    public void Terminate() => ProcessSignals.Send(_process!, ProcessSignals.Terminate);

    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await _process!.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        Terminate();
        return await WaitForExitAsync();
    }

    /// <summary>Resident memory in bytes, as the kernel accounts it.</summary>
    public long ReadResidentBytes()
    {
        var line = File.ReadLines($"/proc/{_process!.Id}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }

    /// <summary>Number of descriptors the process holds: connections and files.</summary>
    public int CountDescriptors() => Directory.EnumerateFileSystemEntries($"/proc/{_process!.Id}/fd").Count();

    /// <summary>Runs <c>cairn inspect</c> on the drives; the node must be stopped.</summary>
    public Task<ProgramResult> InspectAsync(params string[] arguments) =>
        new ForeignProgram(CairnExecutable.FilePath, _scratch.Location, new Dictionary<string, string>())
            .RunAsync(["inspect", .. arguments, .. DriveFolders]);

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            KeepLog(TestContext.Current.TestMethod?.MethodName ?? "node");
        }

        _process?.Dispose();
        _probe.Dispose();
        _scratch.Dispose();
    }

    /// <summary>Starts the process, and does not wait for it to be ready.</summary>
    public void Launch()
    {
        // ip becomes the program that it is to run: the process stays the same.
        string[] wrapper = _options.NetworkNamespace is { } place ? ["ip", "netns", "exec", place] : [];
        string[] command = [.. wrapper, CairnExecutable.FilePath, .. Arguments()];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _scratch.Location,
        };
        start.Environment["CAIRN_ROOT_USER"] = AccessKey;
        start.Environment["CAIRN_ROOT_PASSWORD"] = SecretKey;
        foreach (var (name, value) in _options.Environment)
        {
            start.Environment[name] = value;
        }

        _process?.Dispose();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private IEnumerable<string> Arguments()
    {
        string[] fixedPart =
            ["server", "--address", $"{_options.Host}:{Port}", "--console-address", $"127.0.0.1:{_consolePort}"];
        string[] secure = _options.Certificate is { } certificate ? ["--certs-dir", certificate.FolderPath] : [];
        return [.. fixedPart, .. secure, .. _options.Arguments, .. DriveArguments];
    }

    private static SocketsHttpHandler CreateProbeHandler(TestCertificate? certificate)
    {
        var handler = new SocketsHttpHandler();
        if (certificate is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => certificate.Matches(shown);
        }

        return handler;
    }

    private async Task WaitReadyAsync()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < ReadyLimit)
        {
            if (!IsRunning)
            {
                await _process!.WaitForExitAsync();
                Assert.Fail($"cairn ended with {_process.ExitCode} instead of becoming ready:\n{LogTail}");
            }

            if (await IsReadyAsync())
            {
                return;
            }

            // Another process has no event to await; the readiness address is its signal.
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        Assert.Fail($"cairn was not ready after {ReadyLimit}:\n{LogTail}");
    }

    /// <summary>What the readiness address answers now; false as well when nobody listens.</summary>
    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _probe.GetAsync(new Uri(Endpoint, "/health/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.AppendLine(line);
            }
        }
    }

    /// <summary>Writes what the process printed to artifacts/system-tests.</summary>
    public void KeepLog(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(RepositoryFolder.Artifacts, "system-tests")).FullName;
        File.WriteAllText(Path.Combine(folder, $"{name}-{Port}.log"), Log);
    }

    /// <summary>A port that is free now; somebody else may take it before it is used.</summary>
    public static int PickFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
