namespace Cairn.Objects.Versions;

/// <summary>What to keep with a new version.</summary>
public sealed record PutRequest
{
    public required string Bucket { get; init; }

    /// <summary>Valid: 1..1,024 UTF-8 bytes, no NUL.</summary>
    public required string Key { get; init; }

    /// <summary>As in ObjectDescription.Metadata.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    public string StorageClass { get; init; } = "STANDARD";

    public WriteCondition? Condition { get; init; }
}
