using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>One value that one drive holds in one slot of a register.</summary>
/// <remarks>
/// A register holds a slot per version; writes to the same slot supersede each other (the null version of an
/// unversioned bucket, new tags of a version), writes to different slots stand side by side. The live slot with the
/// highest <see cref="Birth"/> is the current version.
/// Invariants: Birth &lt;= Ballot. A removed entry has no body and no data. For a slot other than null,
/// Slot.Birth == Birth. An entry that a drive accepted has all its data (this drive's shards) on that drive, durably.
/// </remarks>
public sealed record RegisterEntry
{
    /// <summary>The version this entry belongs to.</summary>
    public required VersionId Slot { get; init; }

    /// <summary>When the version was made; decides which version is current. Metadata changes keep it.</summary>
    public required Ballot Birth { get; init; }

    /// <summary>Under which this value was last accepted; decides which value of the slot counts.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>
    /// Whoever proposed it under this ballot knew, by the promises of a read quorum, that no live version born later
    /// counted. One that was accepted only below this ballot has therefore not been chosen, and cannot be any more.
    /// </summary>
    public bool ExcludesYounger { get; init; }

    /// <summary>
    /// Whoever proposed it knew, by the promises of a read quorum, that nothing else, be it a removal, was chosen in its
    /// slot from this ballot on, and cannot be any more below its own; but for what only cleared away a leftover. Null when it
    /// was proposed without asking, and for a removal that somebody asked for.
    /// </summary>
    public Ballot? AloneSince { get; init; }

    /// <summary>This drive knows that the value reached its write quorum.</summary>
    public bool IsCommitted { get; init; }

    /// <summary>The slot was deleted (a tombstone), not to be confused with an S3 delete marker, which is a value.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Position of this drive's shards in the code: 0..k-1 data, k..k+m-1 parity.</summary>
    public byte ShardIndex { get; init; }

    /// <summary>The value; opaque to the drive.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The data this value refers to, in order.</summary>
    /// <remarks>
    /// A drive counts references per register: accepting an entry adds its register to the data's referrers, dropping
    /// the register's last entry that names the data takes it away, and data without a referrer is dropped. So parts
    /// can become an object (the object's register refers to them, then the part registers are removed), metadata can
    /// change without moving bytes, and a superseded attempt takes nothing with it, in whatever order commits arrive.
    /// </remarks>
    public IReadOnlyList<DataId> Data { get; init; } = [];

    /// <summary>What else was proposed in the slot under this ballot, and is no removal, has not been chosen where this one is.</summary>
    public bool Passes(Ballot other) => AloneSince <= other && other < Ballot;

    /// <summary>The other version is one of those that were not chosen.</summary>
    public bool Excludes(RegisterEntry other) =>
        ExcludesYounger && !other.IsRemoved && other.Slot != Slot && other.Birth > Birth && other.Ballot < Ballot;
}
