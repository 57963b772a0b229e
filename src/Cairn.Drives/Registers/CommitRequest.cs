using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>Tells a drive that a value reached its quorum.</summary>
/// <param name="Key">The register.</param>
/// <param name="Slot">The slot.</param>
/// <param name="Ballot">The ballot under which the quorum accepted. A lower ballot of the same slot is dropped.</param>
/// <param name="Missed">Drives that do not have the value: noted in this drive's repair journal with the commit.</param>
public sealed record CommitRequest(RegisterKey Key, VersionId Slot, Ballot Ballot, IReadOnlyList<DriveId> Missed);
