namespace Cairn.Drives;

/// <summary>Room on a drive, in bytes of its file system.</summary>
public readonly record struct DriveUsage(long TotalBytes, long FreeBytes);
