using System.ComponentModel;
using System.Diagnostics;

namespace Cairn.Cli.Dev;

/// <summary>One node as a child process, started again whenever it ends.</summary>
/// <remarks>Failure: a process that ends soon after its start is started less and less often, up to a bound.</remarks>
internal sealed class DevNode(DevPlan plan, int number, DevSecrets secrets, TextWriter output)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // What has run for so long did not fail to start.
    private static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(10);

    private string Name => $"node{number}";

    private string LogFile => Path.Combine(plan.FolderOf(number), "log");

    /// <summary>Runs until it is told to stop, and the process has left.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(plan.FolderOf(number));
        TimeSpan pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            long began = Stopwatch.GetTimestamp();
            string end = await RunOnceAsync(stop);
            if (stop.IsCancellationRequested)
            {
                await output.WriteLineAsync($"{Name} {end}");
                return;
            }

            pause = Stopwatch.GetElapsedTime(began) > GoodRun ? FirstPause : pause;
            await output.WriteLineAsync($"{Name} {end}; it is started again");
            await Task.Delay(pause, CancellationToken.None);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<string> RunOnceAsync(CancellationToken stop)
    {
        using Process? process = Start(out string problem);
        if (process is null)
        {
            return problem;
        }

        await using var log = new StreamWriter(LogFile, append: true) { AutoFlush = true };
        TextWriter lines = TextWriter.Synchronized(log);
        process.OutputDataReceived += (_, line) => Write(lines, line.Data);
        process.ErrorDataReceived += (_, line) => Write(lines, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using CancellationTokenRegistration registration = stop.Register(() => Terminate(process));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode switch
        {
            ExitCodes.Success => "has stopped",
            ExitCodes.Restart => "has left for a restart",
            int code => $"ended with {code} (see {LogFile})",
        };
    }

    private Process? Start(out string problem)
    {
        problem = "";
        var start = new ProcessStartInfo(plan.Program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = plan.FolderOf(number),
        };
        foreach (string argument in (IEnumerable<string>)
            ["server", "--address", plan.AddressOf(number), "--console-address", "127.0.0.1:0", .. plan.DriveArguments()])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in secrets.Variables)
        {
            start.Environment[name] = value;
        }

        // Several nodes share one machine's memory; a heap for each core of each is too much of it.
        start.Environment["DOTNET_gcServer"] = "0";
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception failure)
        {
            problem = $"could not be started ({failure.Message})";
            return null;
        }
    }

    private static void Write(TextWriter log, string? line)
    {
        if (line is not null)
        {
            log.WriteLine(line);
        }
    }

    // The framework can only kill, which leaves a node no time to leave.
    private static void Terminate(Process process)
    {
        using Process? sent = Process.Start("/bin/sh", ["-c", $"kill -TERM {process.Id}"]);
        sent?.WaitForExit();
    }
}
