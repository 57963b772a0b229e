using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>How a drive's healing stands.</summary>
/// <param name="Drive">Which drive.</param>
/// <param name="State">The drive's state in plain words: online, recovering, offline, poisoned.</param>
/// <param name="Aside">Why others are asked first, as far as this node can tell.</param>
/// <param name="Activity">What goes on.</param>
/// <param name="Objects">Values brought and verified in the current or last run.</param>
/// <param name="Bytes">Shard bytes among them.</param>
/// <param name="Failed">Values that could not be healed in the last pass.</param>
/// <param name="Progress">0..1 of the current run, as far as it can be told; 1 when idle.</param>
/// <param name="Elapsed">Time of the current or last run.</param>
/// <param name="Remaining">Estimate for the current run; null when it cannot be told.</param>
public sealed record DriveHealStatus(
    DriveId Drive,
    string State,
    AsideReason Aside,
    HealActivity Activity,
    long Objects,
    long Bytes,
    long Failed,
    double Progress,
    TimeSpan Elapsed,
    TimeSpan? Remaining);
