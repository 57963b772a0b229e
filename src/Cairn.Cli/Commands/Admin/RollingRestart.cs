using Cairn.Client.Admin;

namespace Cairn.Cli.Commands.Admin;

/// <summary>Restarts all nodes, one at a time, each when the store could do without it.</summary>
/// <remarks>
/// Invariant: at most one node is away, and only while nothing is known to be missing anywhere: what the last one missed
/// has been brought to it before the next one goes. Failure: it stops at the first node that does not come back.
/// </remarks>
internal sealed class RollingRestart(NodeAccess nodes, NodeRestart restart, TextWriter output, TextWriter errors)
{
    private const string Name = "cairn admin restart";

    public async Task<int> RunAsync(ClusterStatus status, CancellationToken cancellationToken)
    {
        string[] unfit = [.. status.Nodes.Where(node => !IsFit(node)).Select(node => $"{node.Name} is {node.State}")];
        if (unfit.Length > 0)
        {
            await errors.WriteLineAsync($"{Name}: {string.Join(", ", unfit)}: nothing was restarted; bring it back first.");
            return ExitCodes.Findings;
        }

        (string Name, Uri Endpoint)[] all = [.. status.Nodes.Select(node => (node.Name, new Uri(node.Address!)))];
        for (int turn = 0; turn < all.Length; turn++)
        {
            if (!await WaitWholeAsync(all, cancellationToken))
            {
                await errors.WriteLineAsync(
                    $"{Name}: something is missing on a drive and not healed in time; {Rest(all, turn)}. See cairn admin status.");
                return ExitCodes.Findings;
            }

            if (await restart.RunAsync(all[turn].Name, all[turn].Endpoint, cancellationToken) is { } problem)
            {
                await errors.WriteLineAsync($"{Name}: {problem} Stopped here: {Rest(all, turn + 1)}.");
                return ExitCodes.Failure;
            }

            await output.WriteLineAsync($"{all[turn].Name} is back ({turn + 1} of {all.Length})");
        }

        await output.WriteLineAsync(
            await WaitWholeAsync(all, cancellationToken) ? "All nodes were restarted and everything is whole" : "All nodes were restarted");
        return ExitCodes.Success;
    }

    private static bool IsFit(NodeStatus node) =>
        node is { State: "active", IsSuspect: false, Address: not null };

    // Each node knows best of its own drives, so all are asked.
    private Task<bool> WaitWholeAsync((string Name, Uri Endpoint)[] all, CancellationToken cancellationToken) =>
        restart.TryWaitAsync(
            async limit =>
            {
                foreach ((_, Uri endpoint) in all)
                {
                    ClusterStatus status = await nodes.At(endpoint).GetClusterAsync(limit);
                    if (!status.IsWhole || !status.Nodes.All(IsFit))
                    {
                        return false;
                    }
                }

                return true;
            },
            cancellationToken);

    private static string Rest((string Name, Uri Endpoint)[] all, int from) => from >= all.Length
        ? "all others were restarted before"
        : $"{string.Join(", ", all.Skip(from).Select(node => node.Name))} still run as they did";
}
