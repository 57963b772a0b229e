using Cairn.Drives.Format;

namespace Cairn.Drives.Os;

/// <summary>Looks at a path without changing anything.</summary>
public static class DriveProber
{
    /// <summary>What is there. Never throws for what it finds.</summary>
    public static DriveProbe Probe(string path)
    {
        try
        {
            if (!Directory.Exists(path))
            {
                return File.Exists(path)
                    ? Unusable(path, "it is a file; name a folder")
                    : new DriveProbe(path, DriveFinding.Missing);
            }

            string format = Path.Combine(path, DriveFormat.FileName);
            DriveProbe found = File.Exists(format)
                ? new DriveProbe(path, DriveFinding.Formatted, DriveFormatCodec.Decode(File.ReadAllBytes(format)))
                : ProbeUnformatted(path);
            return found with { IsMountPoint = MountPoints.Contains(path) };
        }
        catch (DriveIoException e)
        {
            return Unusable(path, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unusable(path, $"it cannot be read ({e.Message}); check the device and the permissions");
        }
    }

    private static DriveProbe ProbeUnformatted(string path)
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!)];
        bool isEmpty = names.All(name => name == DriveFolders.LostAndFound);
        bool isUnfinished = names.Contains(DriveFormatter.MarkName);

        // A lock is left by an attempt to open what turned out to be empty, or by a formatting that ended at once.
        bool isLockOnly = names.All(
            name => name is DriveLock.FileName or DriveLock.TokenName or DriveFolders.LostAndFound);
        return isEmpty || isUnfinished || isLockOnly
            ? new DriveProbe(path, DriveFinding.Empty)
            : Unusable(
                path,
                "it is neither empty nor a drive of Cairn, and the files in it may be somebody's; "
                + "name an empty folder, or move the files away");
    }

    private static DriveProbe Unusable(string path, string problem) =>
        new(path, DriveFinding.Unusable, Problem: problem);
}
