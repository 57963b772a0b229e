using Cairn.Drives.Os;

namespace Cairn.Drives.Format;

/// <summary>Small files of a drive that are replaced as a whole.</summary>
/// <remarks>
/// Steps of a write: (1) write beside it, (2) sync, (3) rename over it, (4) sync the directory. After a crash at any
/// step the document is the old or the new one, entirely.
/// Concurrency: one writer per document.
/// </remarks>
public static class DriveDocuments
{
    private const int MaxBytes = 16 << 20;

    /// <summary>The bytes, or null when there is no such document.</summary>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public static async ValueTask<byte[]?> ReadAsync(IDriveFiles files, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (!await files.ExistsAsync(name, cancellationToken))
        {
            return null;
        }

        await using IDriveFile file = await files.OpenAsync(name, cancellationToken);
        if (file.Length > MaxBytes)
        {
            throw new DriveIoException(DriveFault.Corrupt, $"{name} is larger than any document.");
        }

        byte[] content = new byte[file.Length];
        int read = await file.ReadAsync(0, content, cancellationToken);
        return read == content.Length ? content : content[..read];
    }

    /// <summary>Puts or replaces a document. Durable on completion.</summary>
    /// <exception cref="DriveIoException">The old document, or the new one, is there.</exception>
    public static async ValueTask WriteAsync(
        IDriveFiles files, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        string temporary = name + ".new";
        await files.DeleteAsync(temporary, cancellationToken);
        await using (IDriveFile file = await files.CreateAsync(temporary, cancellationToken))
        {
            await file.WriteAsync(0, content, cancellationToken); // (1)
            await file.SyncAsync(cancellationToken); // (2)
        }

        await files.RenameAsync(temporary, name, cancellationToken); // (3)
        await files.SyncDirectoryAsync(DirectoryOf(name), cancellationToken); // (4)
    }

    private static string DirectoryOf(string name) =>
        name.LastIndexOf('/') is var slash and >= 0 ? name[..slash] : string.Empty;
}
