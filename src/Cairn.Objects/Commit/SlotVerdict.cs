using Cairn.Drives.Registers;

namespace Cairn.Objects.Commit;

/// <summary>What the answers say about one slot.</summary>
/// <param name="Certainty">How sure it is.</param>
/// <param name="Winner">The value that counts; null when the slot is empty.</param>
/// <param name="HasLeftovers">Values above the winner were never chosen and can be cleared away.</param>
/// <param name="Chosen">
/// The winner under the highest ballot under which it surely was chosen. Where somebody has begun to accept it again,
/// drives hold it under a higher one, too, which says nothing: a value between the two may yet come to count.
/// </param>
internal readonly record struct SlotVerdict(
    SlotCertainty Certainty, ValueGroup? Winner, bool HasLeftovers, RegisterEntry? Chosen = null);
