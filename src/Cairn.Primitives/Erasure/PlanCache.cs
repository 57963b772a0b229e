namespace Cairn.Primitives.Erasure;

/// <summary>Remembers decoding plans, so that a degraded read inverts no matrix per stripe.</summary>
/// <remarks>
/// Invariants: bounded by construction: a direct-mapped table in which a new plan replaces the one in its slot.
/// A degraded cluster uses few combinations at a time, so collisions are rare and only cost a matrix inversion.
/// Concurrency: slots hold immutable plans and are read and replaced atomically; two threads may solve the same plan.
/// </remarks>
internal sealed class PlanCache
{
    private const int SlotCount = 256;

    private readonly Slot?[] _slots = new Slot?[SlotCount];

    public CodingPlan? Find(ShardMask sources, ShardMask targets)
    {
        var slot = Volatile.Read(ref _slots[IndexOf(sources, targets)]);
        return slot is not null && slot.Sources == sources && slot.Targets == targets ? slot.Plan : null;
    }

    public void Put(ShardMask sources, ShardMask targets, CodingPlan plan) =>
        Volatile.Write(ref _slots[IndexOf(sources, targets)], new Slot(sources, targets, plan));

    // Fibonacci hashing: the top bits of the product depend on all bits of both masks.
    private static int IndexOf(ShardMask sources, ShardMask targets) =>
        (int)((sources.Bits * 0x9E3779B97F4A7C15 + targets.Bits) * 0x9E3779B97F4A7C15 >> 56);

    private sealed record Slot(ShardMask Sources, ShardMask Targets, CodingPlan Plan);
}
