using System.Diagnostics;
using Cairn.Cli;
using Cairn.Drives.Os;
using Cairn.Primitives;
using Cairn.Server.Composition;
using Cairn.Server.Diagnostics;
using Cairn.Server.Options;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Lifecycle;

/// <summary>The life of a node's process, from checked options to an exit code.</summary>
/// <remarks>
/// Steps: (1) kernels, before anything they compute could be stored; (2) the root credential; (3) the node; (4) tell;
/// (5) wait for a signal, or for a restart to be asked for; (6) leave, drain and close.
/// </remarks>
internal static class NodeProcess
{
    /// <returns>Success after an orderly stop, Restart when that was asked for; Unavailable when the node could not start.</returns>
    public static async Task<int> RunAsync(ServerModel model)
    {
        // Not the start of the process, which may have been a shell before.
        long began = Stopwatch.GetTimestamp();
        using var signals = new StopSignals();
        using ILoggerFactory logs = NodeLog.Open(model);
        try
        {
            Log.KernelsChecked(logs.CreateLogger("Cairn.Server"), KernelSelfCheck.Run()); // (1)
            (RootCredential Credential, bool IsNew) root = model.RootCredential is { } given // (2)
                ? (given, false)
                : CredentialsFile.ReadOrGenerate(model.CredentialsFile);
            await using Node node = await Node.StartAsync(model, root.Credential, logs, signals.Token); // (3)
            StartSummary.Write(node, model, root, Stopwatch.GetElapsedTime(began), Console.Out); // (4)
            Task first = await Task.WhenAny(signals.First, node.RestartRequested); // (5)
            await node.LeaveAsync(model); // (6)
            return first == signals.First ? ExitCodes.Success : ExitCodes.Restart;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // It was waiting for other nodes, and serves nobody yet.
            return ExitCodes.Success;
        }
        catch (Exception failure) when (failure is NodeStartException or DriveIoException or IOException
            or InvalidDataException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            await Console.Error.WriteLineAsync($"cairn server: {failure.Message}");
            return ExitCodes.Unavailable;
        }
    }
}
