using System.CommandLine;
using System.Text.Json;
using Cairn.Cli;
using Cairn.Cluster.Topology;
using Cairn.Drives.Format;
using Cairn.Drives.Inspection;
using Cairn.Drives.Os;
using Cairn.Server.Inspection;

namespace Cairn.Server.Commands;

/// <summary><c>cairn inspect</c>: reads drives that no node has open, changes nothing, and says whether they are whole.</summary>
/// <remarks>
/// Failure: a drive that cannot be inspected does not keep the others from it; the exit code is that of the worst one.
/// </remarks>
internal static class InspectCommand
{
    public static Command Build()
    {
        var command = new CommandWithExamples(
            "inspect",
            "Reads the drives of a stopped node, changes nothing, and says what is on them and whether it is whole.",
            [
                new("Everything, every byte of every shard", "cairn inspect /mnt/drive{1...4}"),
                new("Only the index, and that the files are there", "cairn inspect --quick /mnt/drive{1...4}"),
                new("For a script", "cairn inspect --json /mnt/drive1"),
            ])
        {
            Notes = "The exit code is 0 when all drives are whole, 4 when something is damaged, 3 when a drive cannot be read.",
        };
        var drives = new Argument<string[]>("drives")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The directories of the drives; {1...4} stands for a range.",
        };
        var quick = new Option<bool>("--quick") { Description = "Do not read the contents of shard files." };
        var json = new Option<bool>("--json") { Description = "Write the findings as JSON." };
        command.Add(drives);
        command.Add(quick);
        command.Add(json);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(drives)!, !parsed.GetValue(quick), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string[] patterns, bool readsShards, bool isJson, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        foreach (string pattern in patterns)
        {
            if (!RangePattern.TryExpand(pattern, TopologyLimits.MaxDrivesPerNode, out IReadOnlyList<string> expanded, out string problem))
            {
                await Console.Error.WriteLineAsync($"cairn inspect: '{pattern}' {problem}");
                return ExitCodes.Usage;
            }

            paths.AddRange(expanded.Select(Path.GetFullPath));
        }

        var inspections = new List<DriveInspection>();
        foreach (string path in paths)
        {
            inspections.Add(await InspectAsync(path, readsShards, cancellationToken));
            if (!isJson)
            {
                InspectionText.Write(inspections[^1], Console.Out);
            }
        }

        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(inspections, InspectionJson.Default.ListDriveInspection));
        }

        return inspections.Any(drive => drive.Problem is not null) ? ExitCodes.Unavailable
            : inspections.All(drive => drive.IsWhole) ? ExitCodes.Success
            : ExitCodes.Findings;
    }

    private static async Task<DriveInspection> InspectAsync(
        string path, bool readsShards, CancellationToken cancellationToken)
    {
        try
        {
            (DriveFormat format, DriveReport report) = await OsDriveInspection.RunAsync(path, readsShards, cancellationToken);
            return new DriveInspection(path)
            {
                Drive = format.Drive.ToString(),
                Deployment = format.Deployment.ToString(),
                Place = format.Position + 1,
                Places = format.Drives.Count,
                Report = report,
            };
        }
        catch (DriveIoException failure)
        {
            return new DriveInspection(path) { Problem = failure.Message };
        }
    }
}
