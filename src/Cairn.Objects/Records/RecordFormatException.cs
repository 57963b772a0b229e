namespace Cairn.Objects.Records;

/// <summary>A stored record cannot be read: a newer release wrote it, or its bytes make no sense.</summary>
/// <remarks>
/// Drives verify checksums before they hand out a record, so nonsense is a defect of this program and not of a disk.
/// </remarks>
public sealed class RecordFormatException(string message) : IOException(message)
{
    internal static RecordFormatException Newer(string record, int found, int known) => new(
        $"A {record} record has format {found}; this release reads formats up to {known}. "
        + "A newer release wrote it: run that release, or a newer one.");

    internal static RecordFormatException Malformed(string reason) => new($"A stored record is malformed: {reason}.");
}
