using System.Globalization;
using System.Text;
using Cairn.Drives;
using Cairn.Drives.Scrub;

namespace Cairn.Server.Composition;

/// <summary>How far the check of a drive is, kept on that drive.</summary>
/// <param name="Checkpoint">Where to go on.</param>
/// <param name="Completed">When the drive was last read through.</param>
internal sealed record ScrubNote(ScrubCheckpoint Checkpoint, DateTimeOffset Completed)
{
    private const string Document = "scrub";

    /// <returns>Null when there is none that can be read: the check begins anew.</returns>
    public static async ValueTask<ScrubNote?> ReadAsync(LocalDrive drive, CancellationToken cancellationToken)
    {
        DriveResult<byte[]?> document = await drive.ReadDocumentAsync(Document, cancellationToken);
        string[] lines = document.IsOk && document.Value is { } bytes ? Encoding.UTF8.GetString(bytes).Split('\n') : [];
        return lines.Length >= 2
            && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? new ScrubNote(ScrubCheckpoint.Parse(lines[0]), DateTimeOffset.FromUnixTimeSeconds(seconds))
            : null;
    }

    public async ValueTask WriteAsync(LocalDrive drive, CancellationToken cancellationToken)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{Checkpoint}\n{Completed.ToUnixTimeSeconds()}\n");
        // A drive that refuses its note is checked from an older one.
        _ = await drive.WriteDocumentAsync(Document, Encoding.UTF8.GetBytes(text), cancellationToken);
    }
}
