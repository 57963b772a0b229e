using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>A drive's answer to a prepare. When IsPromised, the promise is durable and View is what the drive holds.</summary>
/// <param name="IsPromised">No accept below the ballot will be taken any more.</param>
/// <param name="Highest">The highest ballot this drive promised or accepted.</param>
/// <param name="View">What the drive holds; null when refused.</param>
public sealed record PrepareReply(bool IsPromised, Ballot Highest, RegisterView? View);
