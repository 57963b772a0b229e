using Cairn.Objects.Data;
using Cairn.Primitives;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Records;

/// <summary>What the store keeps about an unfinished upload; key and upload id are the register's name.</summary>
internal sealed record UploadRecord
{
    public UploadState State { get; init; } = UploadState.Open;

    public string StorageClass { get; init; } = "STANDARD";

    public ChecksumAlgorithm? Checksum { get; init; }

    public ChecksumType? ChecksumType { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>Names the attempt to complete; in a versioned bucket it is the version id the object is to get.</summary>
    public Ballot Attempt { get; init; }

    /// <summary>The attempt makes a new version; otherwise it replaces the null version.</summary>
    public bool IsVersioned { get; init; }

    /// <summary>The data of all parts of the attempt, which stays while the upload is in that state.</summary>
    public IReadOnlyList<DataPiece> Pieces { get; init; } = [];

    /// <summary>The slot of the object's register that the attempt writes.</summary>
    public VersionId Target => IsVersioned ? new VersionId(Attempt) : VersionId.Null;

    /// <summary>The same state of the same attempt.</summary>
    public bool IsSameStep(UploadRecord other) => State == other.State && Attempt == other.Attempt;

    public UploadRecord Begin(Ballot attempt, bool isVersioned, IReadOnlyList<DataPiece> pieces)
    {
        Check.Invariant(State == UploadState.Open);
        return this with
        {
            State = UploadState.Completing,
            Attempt = attempt,
            IsVersioned = isVersioned,
            Pieces = pieces,
        };
    }

    public UploadRecord Reopen() => this with
    {
        State = UploadState.Open,
        Attempt = default,
        IsVersioned = false,
        Pieces = [],
    };
}
