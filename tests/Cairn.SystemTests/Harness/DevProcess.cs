using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cairn.SystemTests.Harness;

/// <summary>A real <c>cairn dev</c>: a cluster of processes under one supervisor.</summary>
internal sealed class DevProcess : IAsyncDisposable
{
    private const int PortStep = 10;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder _scratch = new();
    private readonly StringBuilder _output = new();
    private readonly int _nodes;
    private readonly int _port;
    private Process? _process;

    private DevProcess(int nodes)
    {
        _nodes = nodes;
        _port = PickFreePorts(nodes);
    }

    /// <summary>What the nodes run: a script that runs the real program, to be replaced by a test.</summary>
    public string Program => _scratch.Combine("program");

    public string Folder => _scratch.Combine("cluster");

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public IReadOnlyList<TestEndpoint> Endpoints
    {
        get
        {
            Dictionary<string, string> credential = File.ReadLines(Path.Combine(Folder, "credentials"))
                .Select(line => line.Split('=', 2))
                .ToDictionary(parts => parts[0], parts => parts[1]);
            return
            [
                .. Enumerable.Range(0, _nodes).Select(node => new TestEndpoint(
                    new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port + (node * PortStep)}")),
                    credential["CAIRN_ROOT_USER"],
                    credential["CAIRN_ROOT_PASSWORD"])),
            ];
        }
    }

    public static async Task<DevProcess> StartAsync(int nodes, int drives)
    {
        DevProcess dev = new(nodes);
        dev.InstallProgram($"exec {CairnExecutable.FilePath} \"$@\"");
        dev.Launch(drives);
        using var limit = new CancellationTokenSource(ReadyLimit);
        while (!dev.Output.Split('\n').Contains("Ready"))
        {
            Assert.False(dev._process!.HasExited, $"cairn dev has ended:\n{dev.Output}");
            Assert.False(limit.IsCancellationRequested, $"cairn dev is not ready:\n{dev.Output}\n{dev.NodeLogs()}");
            // The output of another process is read again.
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return dev;
    }

    /// <summary>Replaces what the nodes run at their next start, in one step, as an installation would.</summary>
    public void InstallProgram(string line)
    {
        string fresh = Program + ".new";
        File.WriteAllText(fresh, $"#!/bin/sh\n{line}\n");
        File.SetUnixFileMode(fresh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(fresh, Program, overwrite: true);
    }

    /// <summary>Runs the command line against the first node.</summary>
    public Task<ProgramResult> AdminAsync(params string[] arguments)
    {
        TestEndpoint first = Endpoints[0];
        var program = new ForeignProgram(CairnExecutable.FilePath, _scratch.Location, new Dictionary<string, string>
        {
            ["CAIRN_ROOT_USER"] = first.AccessKey,
            ["CAIRN_ROOT_PASSWORD"] = first.SecretKey,
        });
        return program.RunAsync(["admin", .. arguments, "--endpoint", first.Address.ToString()]);
    }

    /// <summary>SIGTERM to the supervisor alone, and waits for the end of everything.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        ProcessSignals.Send(_process!, ProcessSignals.Terminate);
        using var limit = new CancellationTokenSource(StopLimit);
        await _process!.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            string kept = Directory.CreateDirectory(Path.Combine(RepositoryFolder.Artifacts, "system-tests")).FullName;
            await File.WriteAllTextAsync(
                Path.Combine(kept, $"{TestContext.Current.TestMethod?.MethodName ?? "dev"}.log"), $"{Output}\n{NodeLogs()}");
        }

        _scratch.Dispose();
    }

    private void Launch(int drives)
    {
        string[] arguments =
        [
            "dev", "--nodes", Text(_nodes), "--drives", Text(drives), "--port", Text(_port), "--folder", Folder,
            "--program", Program,
        ];
        _process = Process.Start(new ProcessStartInfo(CairnExecutable.FilePath, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _scratch.Location,
        })!;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private string NodeLogs() => string.Join('\n', Enumerable.Range(1, _nodes)
        .Select(node => Path.Combine(Folder, $"node{node}", "log"))
        .Where(File.Exists)
        .Select(file => $"--- {file}\n{string.Join('\n', ReadShared(file).Split('\n').TakeLast(40))}"));

    // The supervisor is writing it.
    private static string ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int PickFreePorts(int nodes)
    {
        while (true)
        {
            int first = Random.Shared.Next(20_000, 30_000);
            int[] ports = [.. Enumerable.Range(0, nodes).Select(node => first + (node * PortStep))];
            if (ports.Concat(ports.Select(port => port + 2)).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
