using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Records;

/// <summary>A slot of a register in which at least one entry names the data.</summary>
internal readonly record struct ShardReferrer(RegisterKey Key, VersionId Slot);
