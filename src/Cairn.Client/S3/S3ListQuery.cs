namespace Cairn.Client.S3;

/// <summary>What to list. Null: not restricted.</summary>
public sealed record S3ListQuery
{
    public string? Prefix { get; init; }

    public string? Delimiter { get; init; }

    /// <summary>Keys behind this one.</summary>
    public string? StartAfter { get; init; }

    /// <summary>From the page before.</summary>
    public string? ContinuationToken { get; init; }

    /// <summary>1 to 1,000.</summary>
    public int? MaxKeys { get; init; }
}
