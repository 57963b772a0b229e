using Cairn.Objects.Versions;

namespace Cairn.Objects.Listing;

/// <summary>A page of a listing, in UTF-8 byte order.</summary>
/// <param name="Objects">Current versions.</param>
/// <param name="CommonPrefixes">Each once, over all pages.</param>
/// <param name="Next">The After of the next page (the last key or common prefix of this one); null at the end.</param>
public sealed record ObjectPage(
    IReadOnlyList<ObjectDescription> Objects, IReadOnlyList<string> CommonPrefixes, string? Next);
