using System.Diagnostics;
using System.Globalization;

namespace Cairn.Benchmarks.Http;

/// <summary>Runs <c>cairn bench</c>, the load generator users have, as a process.</summary>
internal static class LoadGenerator
{
    /// <summary>Runs it against a server and reads its report.</summary>
    /// <param name="server">What to load.</param>
    /// <param name="arguments">Besides endpoint and credentials, separated by spaces.</param>
    /// <exception cref="InvalidOperationException">It failed, or a request did: such figures are worth nothing.</exception>
    public static async Task<LoadReport> RunAsync(ServerProcess server, string arguments)
    {
        var start = new ProcessStartInfo(ServerProcess.Cairn)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all = ["bench", "--endpoint", server.Endpoint, "--json", "--quiet", .. arguments.Split(' ')];
        Array.ForEach(all, start.ArgumentList.Add);
        start.Environment["CAIRN_ROOT_USER"] = ServerProcess.AccessKey;
        start.Environment["CAIRN_ROOT_PASSWORD"] = ServerProcess.SecretKey;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"cairn {string.Join(' ', all)} failed: {await errors}{output}");
        }

        return LoadReport.Parse(output);
    }

    public static string Seconds(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds}s");
}
