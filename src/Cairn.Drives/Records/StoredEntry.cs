using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Records;

/// <summary>An entry as a drive keeps it. Immutable.</summary>
/// <param name="Ballot">Under which the value was last accepted.</param>
/// <param name="IsCommitted">Known to have reached its write quorum.</param>
/// <param name="HasInline">Data[0] is inline on this drive, which spares a reader the question.</param>
/// <param name="Value">The rest.</param>
internal sealed record StoredEntry(Ballot Ballot, bool IsCommitted, bool HasInline, EntryValue Value)
{
    private const byte CommittedFlag = 1;
    private const byte InlineFlag = 2;
    private const byte ExcludingFlag = 4;
    private const byte AloneFlag = 8;

    /// <summary>As in RegisterEntry: it belongs to the ballot, not to the value.</summary>
    public bool ExcludesYounger { get; init; }

    /// <summary>As in RegisterEntry.</summary>
    public Ballot? AloneSince { get; init; }

    public VersionId Slot => Value.Slot;

    public Ballot Birth => Value.Birth;

    public bool IsLive => IsCommitted && !Value.IsRemoved;

    public int EncodedSize =>
        1 + Ballot.Size + (AloneSince is null ? 0 : Ballot.Size) + RowWriter.SizeOfNumber(Value.Encoded.Length) + Value.Encoded.Length;

    /// <summary>Newest first: by birth, then by ballot.</summary>
    public static int CompareNewestFirst(StoredEntry left, StoredEntry right)
    {
        int byBirth = right.Birth.CompareTo(left.Birth);
        return byBirth != 0 ? byBirth : right.Ballot.CompareTo(left.Ballot);
    }

    public static StoredEntry Read(ref RowReader reader)
    {
        byte flags = reader.Byte();
        Ballot ballot = reader.Ballot();
        Ballot? aloneSince = (flags & AloneFlag) != 0 ? reader.Ballot() : null;
        EntryValue value = EntryValue.Decode(reader.Bytes(reader.Count()));
        return new StoredEntry(ballot, (flags & CommittedFlag) != 0, (flags & InlineFlag) != 0, value)
        {
            ExcludesYounger = (flags & ExcludingFlag) != 0,
            AloneSince = aloneSince,
        };
    }

    public void Write(ref RowWriter writer)
    {
        writer.Byte((byte)(
            (IsCommitted ? CommittedFlag : 0) | (HasInline ? InlineFlag : 0)
            | (ExcludesYounger ? ExcludingFlag : 0) | (AloneSince is null ? 0 : AloneFlag)));
        writer.Ballot(Ballot);
        if (AloneSince is { } aloneSince)
        {
            writer.Ballot(aloneSince);
        }

        writer.Number(Value.Encoded.Length);
        writer.Bytes(Value.Encoded.Span);
    }

    public RegisterEntry ToRegisterEntry() => new()
    {
        Slot = Slot,
        Birth = Birth,
        Ballot = Ballot,
        ExcludesYounger = ExcludesYounger,
        AloneSince = AloneSince,
        IsCommitted = IsCommitted,
        IsRemoved = Value.IsRemoved,
        ShardIndex = Value.ShardIndex,
        Body = Value.Body,
        Data = Value.Data,
    };
}
