using Cairn.Objects.Multipart;

namespace Cairn.Objects.Listing;

/// <summary>A page of unfinished uploads.</summary>
public sealed record UploadPage(
    IReadOnlyList<UploadDescription> Uploads,
    IReadOnlyList<string> CommonPrefixes,
    string? NextKey,
    string? NextUpload);
