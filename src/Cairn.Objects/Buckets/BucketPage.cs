namespace Cairn.Objects.Buckets;

/// <summary>A page of buckets by name; Next is the name to go on behind, null at the end.</summary>
public sealed record BucketPage(IReadOnlyList<BucketDescription> Buckets, string? Next);
