namespace Cairn.Drives.Format;

/// <summary>Names on a drive, beside format.json.</summary>
internal static class DriveFolders
{
    public const string Index = "index";

    public const string Shards = Drives.Shards.ShardFiles.Root;

    public const string Documents = "documents";

    /// <summary>Made by mkfs at the root of a file system; no sign that a folder is in use.</summary>
    public const string LostAndFound = "lost+found";

    /// <exception cref="ArgumentException">Names are chosen by the program, so a path in one is a defect.</exception>
    public static string DocumentPath(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') && name[0] != '.'
            ? Documents + "/" + name
            : throw new ArgumentException($"{name} is no name of a document.", nameof(name));
}
