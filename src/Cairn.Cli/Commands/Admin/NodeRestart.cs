using System.Diagnostics;
using System.Globalization;
using Cairn.Client.Admin;

namespace Cairn.Cli.Commands.Admin;

/// <summary>Restarts one node and waits until it is back.</summary>
/// <remarks>
/// Steps: (1) what the operator wants done first; (2) the node is asked to leave; (3) another process answers in its
/// place and is ready. Failure: the result is a sentence; nothing is tried twice, but for the operator's way back.
/// </remarks>
internal sealed class NodeRestart(NodeAccess nodes, TimeSpan patience, TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(5);

    /// <summary>A shell command to run before; null for none.</summary>
    public string? Before { get; init; }

    /// <summary>A shell command for a node that does not come back; null for none.</summary>
    public string? OnFailure { get; init; }

    /// <returns>Null when the node is back; else what went wrong and what to do.</returns>
    public async Task<string?> RunAsync(string node, Uri endpoint, CancellationToken cancellationToken)
    {
        if (Before is not null && await RunCommandAsync(Before, node, endpoint, cancellationToken) is not 0 and var code) // (1)
        {
            return $"--before ended with {code} for {node}, which was not restarted.";
        }

        RestartReceipt receipt = await nodes.At(endpoint).RestartAsync(cancellationToken); // (2)
        await output.WriteLineAsync($"{node} leaves");
        if (await TryWaitAsync(IsBackAsync, cancellationToken)) // (3)
        {
            return null;
        }

        string problem = string.Create(
            CultureInfo.InvariantCulture, $"{node} left and is not back after {patience.TotalSeconds:F0} s.");
        if (OnFailure is null)
        {
            return $"{problem} See its log and its supervisor's; put the former release back if this one does not start.";
        }

        await RunCommandAsync(OnFailure, node, endpoint, cancellationToken);
        return await TryWaitAsync(IsBackAsync, cancellationToken)
            ? $"{problem} --on-failure brought it back; the other nodes were left alone."
            : $"{problem} --on-failure did not bring it back: see its log and its supervisor's.";

        async Task<bool> IsBackAsync(CancellationToken limit) =>
            await nodes.At(endpoint).GetClusterAsync(limit) is { } status
            && status.Instance != receipt.Instance
            && (await nodes.At(endpoint).GetReadinessAsync(limit)).IsReady;
    }

    /// <summary>Asks again and again until something holds, or until patience is over.</summary>
    public async Task<bool> TryWaitAsync(Func<CancellationToken, Task<bool>> holds, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < patience)
        {
            using var limit = new CancellationTokenSource(CallPatience, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                if (await holds(linked.Token))
                {
                    return true;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or AdminException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                // Not back yet, as far as anybody can tell.
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return false;
    }

    private static async Task<int> RunCommandAsync(string command, string node, Uri endpoint, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]);
        start.Environment["CAIRN_NODE"] = node;
        start.Environment["CAIRN_HOST"] = endpoint.Host;
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }
}
