using System.Text;
using Cairn.Drives.Format;

namespace Cairn.Drives.Os;

/// <summary>Remembers on the drive where its log is.</summary>
/// <remarks>
/// Purpose: an index that is opened without its log has silently lost its latest writes. So the drive says where the
/// log is, and the folder of the log carries a mark that says that it still is what it was.
/// Invariants: the recorded place is where the last opening wrote its log.
/// </remarks>
internal static class WalLocation
{
    private const string DocumentName = "wal-location";
    private const string MarkName = "cairn-log";

    /// <summary>For a fresh drive.</summary>
    public static async ValueTask CreateAsync(OsDriveFiles files, string? wal)
    {
        PutMark(wal);
        await DriveDocuments.WriteAsync(
            files, DocumentName, Encoding.UTF8.GetBytes(wal ?? string.Empty), CancellationToken.None);
    }

    /// <summary>Where the last opening wrote its log; null: with the index.</summary>
    public static async ValueTask<string?> ReadAsync(OsDriveFiles files)
    {
        byte[]? document = await DriveDocuments.ReadAsync(files, DocumentName, CancellationToken.None);
        return document is { Length: > 0 } ? Encoding.UTF8.GetString(document) : null;
    }

    /// <summary>Makes sure that the log that the index needs is there, and moves to another place if one is asked for.</summary>
    /// <param name="files">Of the drive.</param>
    /// <param name="wal">Where the log is to be; null: with the index.</param>
    /// <param name="closeAsync">Brings the index up to date from its log at the given place and closes it.</param>
    /// <returns>Whether the log was lost, and with it the latest writes.</returns>
    /// <exception cref="DriveIoException">The old place is not there at all: most likely not mounted.</exception>
    public static async ValueTask<bool> SettleAsync(OsDriveFiles files, string? wal, Func<string?, ValueTask> closeAsync)
    {
        string? old = await ReadAsync(files);
        if (old is not null && !Directory.Exists(Path.GetDirectoryName(old)))
        {
            throw new DriveIoException(
                DriveFault.Offline,
                $"its log is in {old}, which is not there; mount that device, or start with --wal-dir "
                + $"{Path.GetDirectoryName(old)} once more");
        }

        bool isLost = old is not null && !File.Exists(Path.Combine(old, MarkName));
        if (old != wal)
        {
            if (!isLost)
            {
                await closeAsync(old);
            }

            await CreateAsync(files, wal);
        }
        else if (isLost)
        {
            PutMark(wal);
        }

        return isLost;
    }

    private static void PutMark(string? wal)
    {
        if (wal is null)
        {
            return;
        }

        OsFault.Guard(() =>
        {
            Directory.CreateDirectory(wal);
            File.WriteAllText(Path.Combine(wal, MarkName), "The log of a Cairn drive. Do not remove.\n");
        });
        LinuxCalls.SyncDirectory(wal);
        LinuxCalls.SyncDirectory(Path.GetDirectoryName(wal)!);
    }
}
