using Cairn.Drives.Registers;
using Cairn.Objects.Data;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>A value under a ballot, on its way to the drives.</summary>
internal sealed record Proposal
{
    public required RegisterKey Key { get; init; }

    public required VersionId Slot { get; init; }

    public required Ballot Birth { get; init; }

    public required Ballot Ballot { get; init; }

    /// <summary>A version that was not there before; for the null version, a new birth of it.</summary>
    public bool IsNewVersion { get; init; }

    /// <summary>As of the entry: under the ballot's promises no version born later counts.</summary>
    public bool ExcludesYounger { get; init; }

    /// <summary>As of the entry: from this ballot on nothing else was chosen in the slot.</summary>
    public Ballot? AloneSince { get; init; }

    public bool IsRemoved { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public IReadOnlyList<DataId> Data { get; init; } = [];

    /// <summary>k of the weakest piece; 0 without data.</summary>
    public int DataShards { get; init; }

    /// <summary>Shards that travel along, by position.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? InlineShards { get; init; }

    /// <summary>Positions that are sent their inline shard; the others have their data already.</summary>
    public PositionSet InlinePositions { get; init; }

    /// <summary>Positions that have the data, or get it inline: only they may be asked.</summary>
    public required PositionSet Positions { get; init; }

    /// <summary>The value of a draft under a ballot.</summary>
    /// <param name="key">The register.</param>
    /// <param name="draft">What the caller wants.</param>
    /// <param name="ballot">Fresh.</param>
    /// <param name="keptBirth">Birth of the null version whose value is replaced, where the draft keeps it.</param>
    public static Proposal Of(RegisterKey key, RegisterDraft draft, Ballot ballot, Ballot? keptBirth = null)
    {
        VersionId slot = draft.Slot ?? new VersionId(ballot);
        StagedData? staged = draft.Staged;
        int dataShards = Math.Max(draft.DataShards, staged?.Piece.Code.DataShards ?? 0);
        Ballot birth = !slot.IsNull ? slot.Birth : keptBirth ?? ballot;
        return new Proposal
        {
            Key = key,
            Slot = slot,
            Birth = birth,
            Ballot = ballot,
            IsNewVersion = birth == ballot,
            IsRemoved = draft.IsRemoval,
            Body = draft.Body,
            Data = staged is null ? draft.Data : [staged.Piece.Id, .. draft.Data],
            DataShards = dataShards,
            InlineShards = staged?.InlineShards,
            InlinePositions = staged?.InlineShards is null ? default : new PositionSet(uint.MaxValue),
            Positions = staged is { InlineShards: null }
                ? new PositionSet(staged.SealedPositions)
                : new PositionSet(uint.MaxValue),
        };
    }

    /// <summary>A value that drives hold, under its ballot or another one. Those that lack its data refuse.</summary>
    public static Proposal Again(RegisterKey key, RegisterEntry entry, int dataShards, Ballot ballot) => new()
    {
        Key = key,
        Slot = entry.Slot,
        Birth = entry.Birth,
        Ballot = ballot,
        ExcludesYounger = entry.ExcludesYounger && entry.Ballot == ballot,
        AloneSince = entry.AloneSince,
        IsRemoved = entry.IsRemoved,
        Body = entry.Body,
        Data = entry.Data,
        DataShards = dataShards,
        Positions = new PositionSet(uint.MaxValue),
    };

    /// <summary>The same slot, emptied under another ballot.</summary>
    /// <remarks>
    /// The null version is emptied anew: with the birth of a delete that is cleared away, this could not be told from it,
    /// and whoever asks for the delete's fate would find it done.
    /// </remarks>
    /// <param name="ballot">Promised.</param>
    /// <param name="aloneSince">Of the removal; null when not known.</param>
    public Proposal AsRemoval(Ballot ballot, Ballot? aloneSince = null) => new()
    {
        Key = Key,
        Slot = Slot,
        Birth = Slot.IsNull ? ballot : Birth,
        Ballot = ballot,
        AloneSince = aloneSince,
        IsRemoved = true,
        Positions = new PositionSet(uint.MaxValue),
    };

    /// <summary>Whether the entry is this value, under this ballot or raised to another.</summary>
    public bool IsHeldAs(RegisterEntry entry) =>
        entry.Slot == Slot && (entry.Ballot == Ballot || (IsNewVersion && IsSameValue(entry)));

    /// <summary>
    /// Whether the entry has the same bytes. Where the birth is kept, it may be another one's write all the same.
    /// </summary>
    public bool IsSameValue(RegisterEntry entry) =>
        entry.Slot == Slot && entry.Birth == Birth && entry.IsRemoved == IsRemoved
        && entry.Data.SequenceEqual(Data) && entry.Body.Span.SequenceEqual(Body.Span);

    public AcceptRequest RequestFor(int position)
    {
        RegisterEntry entry = new()
        {
            Slot = Slot,
            Birth = Birth,
            Ballot = Ballot,
            ExcludesYounger = ExcludesYounger,
            AloneSince = AloneSince,
            IsRemoved = IsRemoved,
            ShardIndex = (byte)position,
            Body = Body,
            Data = Data,
        };
        return InlineShards is { } shards && InlinePositions.Contains(position)
            ? new AcceptRequest(Key, entry, shards[position], HasInline: true)
            : new AcceptRequest(Key, entry);
    }

    public RegisterValue ToValue() => new()
    {
        Slot = Slot,
        Birth = Birth,
        Ballot = Ballot,
        Body = Body,
        Data = Data,
    };
}
