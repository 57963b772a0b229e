namespace Cairn.Drives.Inspection;

/// <summary>One thing that is not as it should be, in words for an operator.</summary>
public sealed record DriveDefect(DriveDefectKind Kind, string What);
