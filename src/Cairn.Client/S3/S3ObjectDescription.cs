namespace Cairn.Client.S3;

/// <summary>What the headers of an answer say about an object.</summary>
/// <param name="Length">Bytes of this answer's body; of the object unless a range was asked for.</param>
/// <param name="ETag">With quotes.</param>
/// <param name="ContentType">Null when the server names none.</param>
/// <param name="ModifiedAt">Null when the server does not say.</param>
/// <param name="Metadata">User metadata, names without x-amz-meta-.</param>
public sealed record S3ObjectDescription(
    long Length,
    string ETag,
    string? ContentType,
    DateTimeOffset? ModifiedAt,
    IReadOnlyDictionary<string, string> Metadata)
{
    private const string MetadataPrefix = "x-amz-meta-";

    internal static S3ObjectDescription From(HttpResponseMessage response) => new(
        response.Content.Headers.ContentLength ?? 0,
        response.Headers.TryGetValues("ETag", out IEnumerable<string>? tags) ? tags.First() : "",
        response.Content.Headers.ContentType?.ToString(),
        response.Content.Headers.LastModified,
        response.Headers
            .Where(header => header.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(
                header => header.Key[MetadataPrefix.Length..].ToLowerInvariant(), header => string.Join(',', header.Value)));
}
