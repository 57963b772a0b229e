using System.Globalization;
using Cairn.Drives.Inspection;

namespace Cairn.Server.Inspection;

/// <summary>The findings for people.</summary>
internal static class InspectionText
{
    public static void Write(DriveInspection drive, TextWriter output)
    {
        if (drive.Report is not { } report)
        {
            output.WriteLine($"{drive.Path}  NOT INSPECTED");
            output.WriteLine($"  {drive.Problem}");
            return;
        }

        output.WriteLine($"{drive.Path}  {(report.IsWhole ? "whole" : "DAMAGED")}");
        string end = report.WasClosed ? "closed in order" : "not closed in order: the next start sweeps it";
        string standing = report.IsRecovering ? "; is being rebuilt and does not vote" : "";
        output.WriteLine($"  drive {drive.Drive}, place {drive.Place} of {drive.Places}; {end}{standing}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {report.Registers:N0} registers, {report.Entries:N0} entries, of them {report.Tombstones:N0} tombstones "
            + $"and {report.PendingEntries:N0} pending"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  shards: {report.InlineShards:N0} inline with {report.InlineBytes:N0} bytes, "
            + $"{report.ShardFiles:N0} files with {report.ShardBytes:N0} bytes, {report.OrphanFiles:N0} orphan files"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  journal: {report.JournalLines:N0} repairs to do; damaged: {report.DamagedRegisters:N0} registers, "
            + $"{report.DefectCount:N0} defects"));
        foreach (DriveDefect defect in report.Defects)
        {
            output.WriteLine($"    {defect.Kind}: {defect.What}");
        }

        if (report.DefectCount > report.Defects.Count)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"    and {report.DefectCount - report.Defects.Count:N0} more"));
        }
    }
}
