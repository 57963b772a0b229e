using System.Globalization;
using System.Text;
using Cairn.Objects.Healing;

namespace Cairn.Api.Health;

/// <summary>Says in plain lines whether everything is where it belongs, and how far healing is.</summary>
/// <remarks>
/// Drives are named by their ids only: whoever may ask for health need not know the machine's paths.
/// </remarks>
internal static class WholenessReport
{
    public static string Render(HealStatus status)
    {
        var report = new StringBuilder(status.IsWhole ? "whole\n" : "not whole\n");
        CultureInfo culture = CultureInfo.InvariantCulture;
        foreach (DriveHealStatus drive in status.Drives)
        {
            report.Append(culture, $"drive {drive.Drive}: {drive.State}");
            if (drive.Activity != HealActivity.Idle)
            {
                report.Append(
                    culture,
                    $", {drive.Activity} {drive.Progress:P0}, {drive.Objects} values with {drive.Bytes} bytes"
                    + $" in {drive.Elapsed.TotalSeconds:F0} s");
                if (drive.Remaining is { } remaining)
                {
                    report.Append(culture, $", about {remaining.TotalSeconds:F0} s left");
                }
            }

            if (drive.Failed > 0)
            {
                report.Append(culture, $", {drive.Failed} values could not be healed yet");
            }

            report.Append('\n');
        }

        if (status.QueuedRepairs > 0)
        {
            report.Append(culture, $"{status.QueuedRepairs} damaged shards wait for their repair\n");
        }

        return report.ToString();
    }
}
