namespace Cairn.Objects.Listing;

/// <summary>A page of current versions to list.</summary>
public sealed record ObjectQuery
{
    public required string Bucket { get; init; }

    public string Prefix { get; init; } = "";

    /// <summary>Empty: none. Any length.</summary>
    public string Delimiter { get; init; } = "";

    /// <summary>Only what comes after it in byte order: a key, or a common prefix (which is then skipped whole).</summary>
    public string After { get; init; } = "";

    /// <summary>Most keys and common prefixes together; 0 answers an empty page that is not truncated.</summary>
    public int Limit { get; init; } = 1000;
}
