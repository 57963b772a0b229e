using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>One shard on one drive.</summary>
internal readonly record struct RepairTarget(RegisterKey Key, VersionId Slot, DataId Data, int Position);
