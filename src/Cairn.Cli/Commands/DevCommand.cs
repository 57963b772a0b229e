using System.CommandLine;
using System.Runtime.InteropServices;
using Cairn.Cli.Dev;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn dev</c>: a cluster on this machine, to try things out.</summary>
internal static class DevCommand
{
    private const int MaxNodes = 16;
    private const int MaxDrives = 16;

    public static Command Build()
    {
        var command = new CommandWithExamples(
            "dev",
            "Runs a cluster of several nodes on this machine, each a process of its own, for trying things out.",
            [
                new("Four nodes with four drives each, any two of which may be killed", "cairn dev --nodes 4 --drives 4"),
                new("Somewhere else", "cairn dev --folder /tmp/cluster --port 9100"),
            ])
        {
            Notes = """
                Everything is in one folder: drives, logs, the credential and the cluster secret, which are made at the
                first start. A node that ends is started again, as a service manager would; Ctrl+C ends all of them.
                """,
        };
        Option<int> nodes = Number("--nodes", "How many nodes.", 4);
        Option<int> drives = Number("--drives", "How many drives each node has.", 4);
        Option<int> port = Number("--port", "Of the first node's S3 API; each further one is ten higher.", 9000);
        var folder = new Option<string>("--folder")
        {
            HelpName = "directory",
            Description = "Where everything is kept.",
            DefaultValueFactory = _ => "cairn-dev",
        };
        var program = new Option<string?>("--program")
        {
            HelpName = "file",
            Description = "The executable that the nodes run, to try an update; by default this one.",
        };
        foreach (Option option in (Option[])[nodes, drives, port, folder, program])
        {
            command.Add(option);
        }

        command.SetAction((parsed, _) => RunAsync(new DevPlan
        {
            Nodes = parsed.GetValue(nodes),
            DrivesPerNode = parsed.GetValue(drives),
            FirstPort = parsed.GetValue(port),
            Folder = Path.GetFullPath(parsed.GetValue(folder)!),
            Program = Path.GetFullPath(parsed.GetValue(program) ?? Environment.ProcessPath!),
        }));
        return command;
    }

    private static Option<int> Number(string name, string description, int preset) => new(name)
    {
        HelpName = "number",
        Description = description,
        DefaultValueFactory = _ => preset,
    };

    private static async Task<int> RunAsync(DevPlan plan)
    {
        if (plan.Nodes is < 1 or > MaxNodes || plan.DrivesPerNode is < 1 or > MaxDrives || !plan.HasPorts)
        {
            await Console.Error.WriteLineAsync(
                $"cairn dev: accepted: 1 to {MaxNodes} nodes, 1 to {MaxDrives} drives, and a port that leaves room for all nodes");
            return ExitCodes.Usage;
        }

        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await new DevCluster(plan, Console.Out).RunAsync(stop.Token);

        // The nodes are given the time they take; who cannot wait kills them.
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
