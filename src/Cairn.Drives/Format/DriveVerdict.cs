namespace Cairn.Drives.Format;

/// <summary>Whether a drive is the one that belongs in a place.</summary>
internal static class DriveVerdict
{
    /// <summary>Why not, and what to do, as the end of "The drive at P cannot be used: "; null when it is right.</summary>
    public static string? Refusal(DriveFormat? found, DriveFormat expected)
    {
        if (found is null)
        {
            return "it is empty, so it is not the drive that was here; mount or put back that one, or restart the node to "
                + "have this one take its place";
        }

        if (found.Deployment != expected.Deployment)
        {
            return $"it belongs to another deployment ({found.Deployment}, this one is {expected.Deployment}); "
                + "put the right drive here, or empty this one if its data is not needed";
        }

        if (found.Drive == expected.Drive)
        {
            return null;
        }

        int right = IndexOf(expected, found.Drive);
        return right < 0
            ? "it was replaced by another drive and no longer belongs to this node; empty it to use it again"
            : $"it belongs in place {right + 1}, not in place {expected.Position + 1}; put the drives, or their paths on "
                + "the command line, in their old order";
    }

    private static int IndexOf(DriveFormat format, Primitives.Ids.DriveId drive)
    {
        for (int i = 0; i < format.Drives.Count; i++)
        {
            if (format.Drives[i] == drive)
            {
                return i;
            }
        }

        return -1;
    }
}
