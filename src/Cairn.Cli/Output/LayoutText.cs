using System.Globalization;
using Cairn.Client.Admin;

namespace Cairn.Cli.Output;

/// <summary>The layout and plans for people.</summary>
internal static class LayoutText
{
    public static void Write(LayoutReport report, TextWriter output)
    {
        output.WriteLine($"Layout {report.Epoch}, {report.State}");
        output.WriteLine($"Voted on by {string.Join(", ", report.Voters)}");
        if (report.Waiting + report.UnderWay + report.ToDrop > 0)
        {
            output.WriteLine(
                $"{report.Waiting} shards of partitions wait to be moved, {report.UnderWay} are under way, "
                + $"{report.ToDrop} are to be dropped");
        }

        if (report.Moved.Shards > 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Moved.Shards} moved, with {report.Moved.Objects} objects and {report.Moved.Bytes} bytes, "
                + $"in {report.Moved.Seconds:F0} s{Left(report)}"));
        }

        output.WriteLine();
        Write(report.Drives, hasFair: false, output);
        if (report.Candidates.Count > 0)
        {
            output.WriteLine();
            foreach (LayoutCandidate candidate in report.Candidates)
            {
                output.WriteLine($"{candidate.Node} with {candidate.Drives.Count} drives waits to be taken in: cairn admin layout plan");
            }
        }
    }

    public static void Write(LayoutPlanReport plan, TextWriter output)
    {
        output.WriteLine($"From layout {plan.Epoch}: {plan.Moves} shards of partitions move");
        output.WriteLine();
        Write(plan.Drives, hasFair: true, output);
        if (plan.Transfers.Count > 0)
        {
            output.WriteLine();
            var transfers = new TextTable("FROM", "TO", "SHARDS");
            foreach (LayoutTransfer transfer in plan.Transfers)
            {
                transfers.Add(transfer.From, transfer.To, Text(transfer.Shards));
            }

            transfers.Write(output);
        }
    }

    private static void Write(IReadOnlyList<LayoutDriveReport> drives, bool hasFair, TextWriter output)
    {
        var table = new TextTable("DRIVE", "NODE", "ZONE", "WEIGHT", "DUTY", "HOLDS", "WILL HOLD", hasFair ? "FAIR" : "");
        foreach (LayoutDriveReport drive in drives)
        {
            table.Add(
                drive.Id,
                drive.Node,
                drive.Zone ?? "-",
                Text(drive.Weight),
                drive.Duty,
                Text(drive.Holds),
                Text(drive.WillHold),
                drive.Fair is { } fair ? Text(fair) : "");
        }

        table.Write(output);
    }

    private static string Left(LayoutReport report) => report switch
    {
        { ObjectsLeft: { } objects, RemainingSeconds: { } seconds } when report.Waiting + report.UnderWay > 0 =>
            string.Create(CultureInfo.InvariantCulture, $"; about {objects} objects and {seconds:F0} s left"),
        _ => "",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
