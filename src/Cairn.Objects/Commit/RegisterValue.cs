using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>A value that is certain: committed, or made so before it was handed out.</summary>
internal sealed record RegisterValue
{
    public required VersionId Slot { get; init; }

    /// <summary>When the version was made.</summary>
    public required Ballot Birth { get; init; }

    /// <summary>When this value of the version was accepted.</summary>
    public required Ballot Ballot { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public IReadOnlyList<DataId> Data { get; init; } = [];

    /// <summary>Inline shards by shard index, as far as they were read; empty when not asked for.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>?> InlineShards { get; init; } = [];

    /// <summary>The value of an entry that is known to be chosen.</summary>
    public static RegisterValue Of(RegisterEntry entry) => new()
    {
        Slot = entry.Slot,
        Birth = entry.Birth,
        Ballot = entry.Ballot,
        Body = entry.Body,
        Data = entry.Data,
    };
}
