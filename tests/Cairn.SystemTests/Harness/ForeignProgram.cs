using System.Diagnostics;
using System.Text;

namespace Cairn.SystemTests.Harness;

/// <summary>Runs one installed program with a clean environment.</summary>
/// <remarks>
/// Purpose: the user's profiles, proxies and credentials must not reach the program, or a test would depend on whose
/// machine it runs on. So the environment is built from nothing but PATH, a scratch home and what the session gives.
/// </remarks>
internal sealed class ForeignProgram(string filePath, string homeFolder, IReadOnlyDictionary<string, string> environment)
{
    public async Task<ProgramResult> RunAsync(IReadOnlyList<string> arguments, TimeSpan? timeout = null)
    {
        if (!File.Exists(filePath))
        {
            Assert.Fail($"{filePath} is not installed: run eng/clients/install.sh.");
        }

        var start = new ProcessStartInfo(filePath)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = homeFolder,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["HOME"] = homeFolder;
        // File names outside ASCII are part of the sessions.
        start.Environment["LANG"] = "C.UTF-8";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var commandLine = $"{Path.GetFileName(filePath)} {string.Join(' ', arguments)}";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(timeout ?? TimeSpan.FromMinutes(3));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"Still running at its time limit: {commandLine}\n{await output}\n{await errors}");
        }

        return new ProgramResult(commandLine, process.ExitCode, await output, await errors);
    }

    /// <summary>Runs the program and fails the test unless it exits with 0.</summary>
    public async Task<ProgramResult> CallAsync(params string[] arguments) =>
        (await RunAsync(arguments)).EnsureSuccess();
}
