using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Scrub;

/// <summary>One bad thing.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Fault">Corrupt, NotFound or Io.</param>
/// <param name="Key">The register; of a shard one that refers to it, null when its row cannot tell.</param>
/// <param name="Slot">With Key, of a shard.</param>
/// <param name="Data">Of a shard.</param>
public sealed record ScrubFinding(
    ScrubFindingKind Kind, DriveFault Fault, RegisterKey? Key = null, VersionId? Slot = null, DataId? Data = null);
