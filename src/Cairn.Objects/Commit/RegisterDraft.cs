using Cairn.Objects.Data;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>A value to be accepted.</summary>
internal sealed record RegisterDraft
{
    /// <summary>
    /// Null: a new version, whose id becomes the ballot. VersionId.Null: a new null version. Another id (only inside a
    /// mutation that asked for this slot): a new value for that existing version, which keeps its birth; or a new
    /// version whose id the caller drew from the clock, because it had to know the id before writing.
    /// </summary>
    public VersionId? Slot { get; init; }

    /// <summary>Removes the slot (tombstone) instead of giving it a value.</summary>
    public bool IsRemoval { get; init; }

    /// <summary>
    /// A new value for an existing null version that keeps its birth (tags), instead of a new null version.
    /// </summary>
    public bool KeepsBirth { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>New data that becomes the value's.</summary>
    public StagedData? Staged { get; init; }

    /// <summary>
    /// Data that the value owns and that is on the drives already: of the value it replaces (tags changed), or of parts
    /// that change owner (completion).
    /// </summary>
    public IReadOnlyList<DataId> Data { get; init; } = [];

    /// <summary>The most data shards (k) of any piece of Data: the write quorum is never below it. 0 without data.</summary>
    public int DataShards { get; init; }
}
