using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>A version of which some drive lacks something.</summary>
internal readonly record struct RepairTicket(RegisterKey Key, VersionId Slot);
