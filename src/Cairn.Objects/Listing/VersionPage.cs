using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Listing;

/// <summary>A page of versions.</summary>
/// <param name="Versions">Versions and delete markers; IsLatest is set.</param>
/// <param name="CommonPrefixes">Each once, over all pages.</param>
/// <param name="NextKey">AfterKey of the next page; null at the end.</param>
/// <param name="NextVersion">AfterVersion of the next page; null after a common prefix.</param>
public sealed record VersionPage(
    IReadOnlyList<ObjectDescription> Versions,
    IReadOnlyList<string> CommonPrefixes,
    string? NextKey,
    VersionId? NextVersion);
