namespace Cairn.Drives.Scrub;

/// <summary>What one step of a scrub did.</summary>
/// <param name="Next">Where to go on.</param>
/// <param name="IsEnd">Everything has been read once.</param>
/// <param name="RowCount">Rows checked in this step.</param>
/// <param name="ByteCount">Bytes read and checked in this step.</param>
/// <param name="Findings">What was bad.</param>
public sealed record ScrubStep(
    ScrubCheckpoint Next, bool IsEnd, long RowCount, long ByteCount, IReadOnlyList<ScrubFinding> Findings);
