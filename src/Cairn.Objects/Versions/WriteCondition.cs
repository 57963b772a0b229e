namespace Cairn.Objects.Versions;

/// <summary>What must hold for a write or delete, decided atomically with it.</summary>
/// <param name="MustNotExist">If-None-Match: * (a delete marker counts as absent).</param>
/// <param name="IfMatch">The current ETag must be one of these (without quotes), or exist at all for "*".</param>
public sealed record WriteCondition(bool MustNotExist, IReadOnlyList<string>? IfMatch)
{
    /// <summary>If-Match-Last-Modified-Time of a delete, to the second.</summary>
    public DateTimeOffset? IfLastModified { get; init; }

    /// <summary>If-Match-Size of a delete, in bytes.</summary>
    public long? IfSize { get; init; }
}
