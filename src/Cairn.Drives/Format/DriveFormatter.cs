using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;

namespace Cairn.Drives.Format;

/// <summary>Makes a drive out of an empty folder.</summary>
/// <remarks>
/// Steps: (1) a mark says that formatting has begun, so that what a crash leaves behind is not taken for somebody's
/// files; (2) the index is told whose it is; (3) format.json makes it a drive; (4) the mark goes away.
/// Invariants: a drive with a format.json has an index that says whose it is, so an index that is lost later is noticed.
/// </remarks>
public static class DriveFormatter
{
    /// <summary>There from the first to the last step of formatting.</summary>
    public const string MarkName = "formatting";

    /// <summary>Step 1. To be done before the index is made.</summary>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public static ValueTask BeginAsync(IDriveFiles files, CancellationToken cancellationToken) =>
        DriveDocuments.WriteAsync(files, MarkName, default, cancellationToken);

    /// <summary>Steps 2 to 4.</summary>
    /// <param name="files">Of the drive.</param>
    /// <param name="index">Fresh and empty.</param>
    /// <param name="format">What the drive will be.</param>
    /// <param name="isRecovering">It takes the place of another drive, whose promises it does not know.</param>
    /// <param name="cancellationToken">Formatting can be begun again.</param>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public static async ValueTask FinishAsync(
        IDriveFiles files, IDriveIndex index, DriveFormat format, bool isRecovering, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(format);
        IndexBatch batch = new();
        byte[] identity = SystemRow.EncodeIdentity(format.Drive, isRecovering);
        batch.Put(IndexFamily.System, SystemRow.IdentityKey, identity);
        batch.Put(IndexFamily.System, SystemRow.CleanKey, SystemRow.EncodeMark(SystemRow.CleanKey));
        await index.WriteAsync(batch); // (2)
        byte[] json = DriveFormatCodec.Encode(format);
        await DriveDocuments.WriteAsync(files, DriveFormat.FileName, json, cancellationToken); // (3)
        await files.DeleteAsync(MarkName, cancellationToken); // (4)
        await files.SyncDirectoryAsync(string.Empty, cancellationToken);
    }

    /// <summary>Begins the index of a drive anew, after its index was lost: it has to be rebuilt from the others.</summary>
    /// <remarks>Without the mark of an orderly end, so that the shard files, which nobody names any more, are swept away.</remarks>
    /// <exception cref="DriveIoException">The device failed; the index has no owner, so it counts as lost again.</exception>
    public static ValueTask RenewIndexAsync(IDriveIndex index, DriveFormat format)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(format);
        IndexBatch batch = new();
        batch.Put(
            IndexFamily.System, SystemRow.IdentityKey, SystemRow.EncodeIdentity(format.Drive, isRecovering: true));
        return index.WriteAsync(batch);
    }

    /// <summary>The format of a drive; null when it has none.</summary>
    /// <exception cref="DriveIoException">NewerFormat, Corrupt, or the device failed.</exception>
    public static async ValueTask<DriveFormat?> ReadAsync(IDriveFiles files, CancellationToken cancellationToken)
    {
        byte[]? json = await DriveDocuments.ReadAsync(files, DriveFormat.FileName, cancellationToken);
        return json is null ? null : DriveFormatCodec.Decode(json);
    }
}
