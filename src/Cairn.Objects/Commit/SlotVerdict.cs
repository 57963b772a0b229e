namespace Cairn.Objects.Commit;

/// <summary>What the answers say about one slot.</summary>
/// <param name="Certainty">How sure it is.</param>
/// <param name="Winner">The value that counts; null when the slot is empty.</param>
/// <param name="HasLeftovers">Values above the winner were never chosen and can be cleared away.</param>
internal readonly record struct SlotVerdict(SlotCertainty Certainty, ValueGroup? Winner, bool HasLeftovers);
