using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>A slot of a register in which a value waits for its commit.</summary>
public readonly record struct PendingSlot(RegisterKey Key, VersionId Slot);
