using Cairn.Drives.Inspection;

namespace Cairn.Server.Inspection;

/// <summary>What was found at one path. The JSON names are a contract with scripts.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record DriveInspection(string Path)
{
    /// <summary>Why the drive could not be inspected; null when it was.</summary>
    public string? Problem { get; init; }

    public string? Drive { get; init; }

    public string? Deployment { get; init; }

    /// <summary>Among the drives of its node, from 1.</summary>
    public int? Place { get; init; }

    public int? Places { get; init; }

    public DriveReport? Report { get; init; }

    public bool IsWhole => Report is { IsWhole: true };
}
