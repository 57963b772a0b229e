using System.Text.RegularExpressions;

namespace Cairn.Drives.Os;

/// <summary>Where file systems are mounted.</summary>
/// <remarks>See: proc_pid_mountinfo(5); the fifth field is the mount point, with blanks and the like as \ooo.</remarks>
internal static partial class MountPoints
{
    private const string Table = "/proc/self/mountinfo";
    private const int PathField = 4;

    /// <summary>Whether a file system is mounted at this very folder, which exists; false where the system does not tell.</summary>
    public static bool Contains(string path)
    {
        if (!File.Exists(Table))
        {
            return false;
        }

        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string resolved = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        return File.ReadLines(Table).Any(line =>
            line.Split(' ') is { Length: > PathField } fields && Unescape(fields[PathField]) == resolved);
    }

    private static string Unescape(string field) =>
        Octal().Replace(field, match => ((char)Convert.ToInt32(match.Value[1..], 8)).ToString());

    [GeneratedRegex(@"\\[0-7]{3}")]
    private static partial Regex Octal();
}
