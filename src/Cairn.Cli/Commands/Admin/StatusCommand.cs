using System.CommandLine;
using System.Text.Json;
using Cairn.Cli.Output;
using Cairn.Client.Admin;

namespace Cairn.Cli.Commands.Admin;

/// <summary><c>cairn admin status</c>: nodes, drives and layout as one node sees them.</summary>
internal static class StatusCommand
{
    public static Command Build()
    {
        var command = new CommandWithExamples(
            "status",
            "Shows the nodes, their drives and the layout, as the node that is asked knows them.",
            [
                new("As a table, with the credential from the environment", "cairn admin status --endpoint http://node1:9000"),
                new("For a script", "cairn admin status --endpoint http://node1:9000 --json"),
            ]);
        var json = new Option<bool>("--json") { Description = "Write JSON as the admin API answers it." };
        command.Add(json);
        AdminAction.Set(command, "admin status", async (parsed, target, cancellationToken) =>
        {
            using var client = new AdminClient(target);
            ClusterStatus status = await client.GetClusterAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(status, AdminJson.Default.ClusterStatus));
            }
            else
            {
                StatusText.Write(status, Console.Out);
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
