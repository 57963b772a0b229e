using System.Text.Json;
using Cairn.Drives.Os;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Format;

/// <summary>Between a format and the bytes of format.json.</summary>
internal static class DriveFormatCodec
{
    public static byte[] Encode(DriveFormat format)
    {
        DriveFormatDocument document = new()
        {
            Version = format.Version,
            Deployment = format.Deployment.ToString(),
            Drive = format.Drive.ToString(),
            Drives = [.. format.Drives.Select(drive => drive.ToString())],
            Epoch = format.Epoch,
        };
        return [.. JsonSerializer.SerializeToUtf8Bytes(document, DriveFormatJson.Default.DriveFormatDocument), (byte)'\n'];
    }

    /// <exception cref="DriveIoException">NewerFormat, or Corrupt when it is no format at all.</exception>
    public static DriveFormat Decode(ReadOnlySpan<byte> json)
    {
        DriveFormatDocument document = Parse(json);
        if (document.Version > DriveFormat.CurrentVersion)
        {
            throw new DriveIoException(
                DriveFault.NewerFormat,
                $"it has format {document.Version} and this program reads up to {DriveFormat.CurrentVersion}; "
                + "start the release of Cairn that wrote it, or a newer one");
        }

        if (document.Version < 1
            || !Guid.TryParseExact(document.Deployment, "N", out Guid deployment)
            || !Guid.TryParseExact(document.Drive, "N", out Guid drive)
            || !document.Drives.All(text => Guid.TryParseExact(text, "N", out _)))
        {
            throw Unreadable(null);
        }

        DriveFormat format = new()
        {
            Version = document.Version,
            Deployment = new DeploymentId(deployment),
            Drive = new DriveId(drive),
            Drives = [.. document.Drives.Select(text => new DriveId(Guid.ParseExact(text, "N")))],
            Epoch = document.Epoch,
        };
        return format.Position >= 0 ? format : throw Unreadable(null);
    }

    private static DriveFormatDocument Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, DriveFormatJson.Default.DriveFormatDocument)
                ?? throw Unreadable(null);
        }
        catch (JsonException e)
        {
            throw Unreadable(e);
        }
    }

    private static DriveIoException Unreadable(Exception? inner) => new(
        DriveFault.Corrupt,
        "its format.json is damaged; restore the file from a backup, or replace the drive by an empty one",
        inner);
}
