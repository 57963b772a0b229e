using System.Globalization;
using Cairn.Client.Admin;

namespace Cairn.Cli.Output;

/// <summary>A cluster's status for people.</summary>
internal static class StatusText
{
    public static void Write(ClusterStatus status, TextWriter output)
    {
        LayoutStatus layout = status.Layout;
        output.WriteLine($"Deployment {status.Deployment}, as {status.AnsweredBy} sees it");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Layout {layout.Epoch}: {layout.Width - layout.StandardParity}+{layout.StandardParity}, reduced "
            + $"{layout.Width - layout.ReducedParity}+{layout.ReducedParity}; {(status.IsWhole ? "whole" : "not whole")}"));
        output.WriteLine();
        var nodes = new TextTable("NODE", "STATE", "DRIVES", "VERSION", "ADDRESS", "SILENT", "ROUND TRIP", "CLOCK");
        foreach (NodeStatus node in status.Nodes)
        {
            nodes.Add(
                node.Name,
                StateOf(node),
                $"{node.Drives.Count(drive => drive.State == "online")} of {node.Drives.Count} online",
                node.Version ?? "-",
                node.Address ?? "-",
                Seconds(node.SilentSeconds),
                node.RoundTripMs is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms:F1} ms") : "-",
                Seconds(node.ClockDeviationSeconds));
        }

        nodes.Write(output);
        WriteUnwell(status, output);
    }

    // Of a large cluster nobody wants to read the drives that are well.
    private static void WriteUnwell(ClusterStatus status, TextWriter output)
    {
        var drives = new TextTable("DRIVE", "NODE", "STATE", "ASIDE", "HEALING", "LEFT");
        int unwell = 0;
        foreach (NodeStatus node in status.Nodes)
        {
            foreach (DriveStatus drive in node.Drives.Where(drive => drive is not { State: "online", Healing: "idle", Aside: null }))
            {
                unwell++;
                drives.Add(
                    drive.Id,
                    node.Name,
                    drive.State,
                    drive.Aside ?? "-",
                    drive.Healing == "idle"
                        ? "-"
                        : string.Create(CultureInfo.InvariantCulture, $"{drive.Healing} {drive.HealProgress:P0}"),
                    Seconds(drive.HealRemainingSeconds));
            }
        }

        if (unwell > 0)
        {
            output.WriteLine();
            drives.Write(output);
        }

        if (status.QueuedRepairs > 0)
        {
            output.WriteLine();
            output.WriteLine($"{status.QueuedRepairs} damaged shards wait for their repair");
        }
    }

    private static string StateOf(NodeStatus node) =>
        node.IsSuspect ? $"{node.State}, silent" : node.IsUnreachable ? $"{node.State}, not reached from here" : node.State;

    private static string Seconds(double? seconds) =>
        seconds is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:F1} s") : "-";
}
