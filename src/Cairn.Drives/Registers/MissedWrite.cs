using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>A line of the repair journal: that drive lacks what this register holds under this ballot.</summary>
public readonly record struct MissedWrite(DriveId Drive, RegisterKey Key, VersionId Slot, Ballot Ballot);
