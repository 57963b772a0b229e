namespace Cairn.Objects.Listing;

/// <summary>A page of unfinished uploads to list: by key, then by start.</summary>
public sealed record UploadQuery
{
    public required string Bucket { get; init; }

    public string Prefix { get; init; } = "";

    public string Delimiter { get; init; } = "";

    public string AfterKey { get; init; } = "";

    /// <summary>Only with AfterKey: also later uploads of that key.</summary>
    public string? AfterUpload { get; init; }

    public int Limit { get; init; } = 1000;
}
