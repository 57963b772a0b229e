using Cairn.Drives.Registers;

namespace Cairn.Objects.Commit;

/// <summary>An entry as a position of the partition was heard to hold it.</summary>
/// <param name="Position">Which position.</param>
/// <param name="IsVoting">Its silence about other values means something.</param>
/// <param name="IsHalf">
/// Only one of the two drives of a position that moves is known to hold it: it may have been chosen when that drive alone
/// counted, but the position does not choose it now.
/// </param>
/// <param name="Entry">What is held.</param>
internal readonly record struct HeldEntry(int Position, bool IsVoting, bool IsHalf, RegisterEntry Entry);
