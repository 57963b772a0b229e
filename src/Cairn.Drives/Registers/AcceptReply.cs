using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>A drive's answer to an accept. When IsAccepted, entry and data are durable on the drive.</summary>
/// <param name="IsAccepted">The value is held; otherwise the drive knows something newer, or the bucket is closed.</param>
/// <param name="IsVoting">False on a recovering drive: the copy is real, the vote does not count.</param>
/// <param name="Highest">The highest ballot this drive promised or accepted for the register.</param>
/// <param name="IsBucketClosed">Refused because the bucket is being deleted.</param>
public readonly record struct AcceptReply(bool IsAccepted, bool IsVoting, Ballot Highest, bool IsBucketClosed = false);
