namespace Cairn.Client.S3;

/// <summary>A page of a listing.</summary>
/// <param name="Objects">In key order.</param>
/// <param name="CommonPrefixes">What the delimiter rolled up.</param>
/// <param name="ContinuationToken">Null at the end.</param>
public sealed record S3ObjectPage(
    IReadOnlyList<S3ListedObject> Objects, IReadOnlyList<string> CommonPrefixes, string? ContinuationToken);
