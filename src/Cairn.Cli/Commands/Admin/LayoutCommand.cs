using System.CommandLine;
using System.Text.Json;
using Cairn.Cli.Output;
using Cairn.Client.Admin;

namespace Cairn.Cli.Commands.Admin;

/// <summary><c>cairn admin layout</c>: which drives hold what, and changing that while the store is used.</summary>
internal static class LayoutCommand
{
    private const string AnyNode = "--endpoint http://node1:9000";

    public static Command Build()
    {
        var command = new Command(
            "layout", "Shows which drives hold how much, and adds, drains and weighs drives and nodes while the store is used.");
        command.Add(BuildShow());
        command.Add(BuildPlan());
        command.Add(BuildApply());
        command.Add(BuildSwitch(
            "stop",
            "Begins no more moves; those under way are ended. The store serves on as it is.",
            static (client, token) => client.StopLayoutAsync(token)));
        command.Add(BuildSwitch(
            "resume",
            "Goes on with the moves that were stopped.",
            static (client, token) => client.ResumeLayoutAsync(token)));
        return command;
    }

    private static CommandWithExamples BuildShow()
    {
        var command = new CommandWithExamples(
            "show",
            "Shows the layout, how far its changes have come, and nodes that wait to be taken in.",
            [
                new("As a table, with the credential from the environment", $"cairn admin layout show {AnyNode}"),
                new("For a script that waits for the end of moves", $"cairn admin layout show {AnyNode} --json"),
            ]);
        var json = new Option<bool>("--json") { Description = "Write JSON as the admin API answers it." };
        command.Add(json);
        AdminAction.Set(command, "admin layout show", async (parsed, target, cancellationToken) =>
        {
            using var client = new AdminClient(target);
            Show(await client.GetLayoutAsync(cancellationToken), parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static CommandWithExamples BuildPlan()
    {
        var command = new CommandWithExamples(
            "plan",
            "Tells what a change would move where, and changes nothing.",
            [
                new("Take in all nodes that wait for it", $"cairn admin layout plan {AnyNode}"),
                new("Empty a node", $"cairn admin layout plan --drain node2:9000 {AnyNode}"),
                new("Replace a node by one that waits", $"cairn admin layout plan --add node5:9000 --drain node1:9000 {AnyNode}"),
            ]);
        var change = new LayoutChangeOptions(command);
        AdminAction.Set(command, "admin layout plan", async (parsed, target, cancellationToken) =>
        {
            using var client = new AdminClient(target);
            Show(await client.PlanLayoutAsync(change.Read(parsed), cancellationToken), change.IsJson(parsed));
            return ExitCodes.Success;
        });
        return command;
    }

    private static CommandWithExamples BuildApply()
    {
        var command = new CommandWithExamples(
            "apply",
            "Changes the layout. The moves begin at once, while the store is used.",
            [
                new("Take in all nodes that wait for it", $"cairn admin layout apply {AnyNode}"),
                new(
                    "What was planned, unless somebody has changed the layout since",
                    $"cairn admin layout apply --drain node2:9000 --epoch 7 {AnyNode}"),
                new("A larger drive takes twice as much", $"cairn admin layout apply --weight node3:9000=2 {AnyNode}"),
                new(
                    "Nodes of one rack fail together",
                    $"cairn admin layout apply --zone node1:9000=rack1 --zone node2:9000=rack1 {AnyNode}"),
            ])
        {
            Notes = """
                Every partition is copied and the copy verified before anything is dropped. A node may be stopped for good when
                layout show says that its drives have left. Any node that dies on the way leaves nothing half done.
                """,
        };
        var change = new LayoutChangeOptions(command);
        var epoch = new Option<long?>("--epoch")
        {
            HelpName = "number",
            Description = "The epoch that was planned on: another one refuses the change.",
        };
        command.Add(epoch);
        AdminAction.Set(command, "admin layout apply", async (parsed, target, cancellationToken) =>
        {
            using var client = new AdminClient(target);
            LayoutChangeRequest request = change.Read(parsed) with { Epoch = parsed.GetValue(epoch) };
            Show(await client.ApplyLayoutAsync(request, cancellationToken), change.IsJson(parsed));
            return ExitCodes.Success;
        });
        return command;
    }

    private static CommandWithExamples BuildSwitch(
        string name, string description, Func<AdminClient, CancellationToken, Task<LayoutReport>> call)
    {
        var command = new CommandWithExamples(
            name, description, [new("Through any node", $"cairn admin layout {name} {AnyNode}")]);
        AdminAction.Set(command, $"admin layout {name}", async (_, target, cancellationToken) =>
        {
            using var client = new AdminClient(target);
            Show(await call(client, cancellationToken), isJson: false);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Show(LayoutReport report, bool isJson)
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, AdminJson.Default.LayoutReport));
        }
        else
        {
            LayoutText.Write(report, Console.Out);
        }
    }

    private static void Show(LayoutPlanReport plan, bool isJson)
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(plan, AdminJson.Default.LayoutPlanReport));
        }
        else
        {
            LayoutText.Write(plan, Console.Out);
        }
    }
}
