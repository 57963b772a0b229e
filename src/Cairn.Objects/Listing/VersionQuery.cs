using Cairn.Primitives.Ids;

namespace Cairn.Objects.Listing;

/// <summary>A page of versions to list: key ascending, newest first.</summary>
public sealed record VersionQuery
{
    public required string Bucket { get; init; }

    public string Prefix { get; init; } = "";

    public string Delimiter { get; init; } = "";

    /// <summary>Only keys after it, or, with AfterVersion, also older versions of it.</summary>
    public string AfterKey { get; init; } = "";

    /// <summary>Only versions of AfterKey that are older than this one, then later keys.</summary>
    public VersionId? AfterVersion { get; init; }

    public int Limit { get; init; } = 1000;
}
