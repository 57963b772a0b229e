using System.CommandLine;
using Cairn.Client.Admin;

namespace Cairn.Cli.Commands.Admin;

/// <summary><c>cairn admin restart</c>: has one node, or all of them in turn, end and be started again.</summary>
internal static class RestartCommand
{
    public static Command Build()
    {
        var command = new CommandWithExamples(
            "restart",
            "Has the nodes end in an orderly way, one after the other, for their supervisors to start them again.",
            [
                new("All nodes, in turn", "cairn admin restart --rolling --endpoint http://node1:9000"),
                new(
                    "To a new release, and back where it does not start",
                    "cairn admin restart --rolling --before 'ssh $CAIRN_HOST install-new' --on-failure 'ssh $CAIRN_HOST install-old'"),
                new("The node that is asked, alone", "cairn admin restart --endpoint http://node1:9000"),
            ])
        {
            Notes = """
                A node leaves: its readiness ends, the others are told, balancers turn away, requests in flight finish. Its
                process ends with code 75, and its supervisor (systemd, compose, cairn dev) has to start it again. The next
                node's turn comes when it is ready and nothing is left to heal anywhere. Where a node does not come back,
                the command stops, says so, and leaves all others alone.

                --before and --on-failure are shell commands; CAIRN_NODE and CAIRN_HOST name the node they are for.
                """,
        };
        var rolling = new Option<bool>("--rolling") { Description = "All nodes, one at a time." };
        var patience = new Option<int>("--patience")
        {
            HelpName = "seconds",
            Description = "How long a node may take to be back, and whole.",
            DefaultValueFactory = _ => 300,
        };
        Option<string?> before = Text("--before", "Run before each node's restart, to install a new release on it.");
        Option<string?> onFailure = Text("--on-failure", "Run for a node that does not come back, to put the old release back.");
        foreach (Option option in (Option[])[rolling, patience, before, onFailure])
        {
            command.Add(option);
        }

        AdminAction.Set(command, "admin restart", async (parsed, target, cancellationToken) =>
        {
            using var nodes = new NodeAccess(target);
            var restart = new NodeRestart(
                nodes, TimeSpan.FromSeconds(parsed.GetValue(patience)), Console.Out, TimeProvider.System)
            {
                Before = parsed.GetValue(before),
                OnFailure = parsed.GetValue(onFailure),
            };
            ClusterStatus status = await nodes.Any.GetClusterAsync(cancellationToken);
            return parsed.GetValue(rolling)
                ? await new RollingRestart(nodes, restart, Console.Out, Console.Error).RunAsync(status, cancellationToken)
                : await restart.RunAsync(status.AnsweredBy, target.Endpoint, cancellationToken) is { } problem
                    ? await FailAsync(problem)
                    : ExitCodes.Success;
        });
        return command;
    }

    private static async Task<int> FailAsync(string problem)
    {
        await Console.Error.WriteLineAsync($"cairn admin restart: {problem}");
        return ExitCodes.Failure;
    }

    private static Option<string?> Text(string name, string description) =>
        new(name) { HelpName = "command", Description = description };
}
