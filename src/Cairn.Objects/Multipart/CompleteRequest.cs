using Cairn.Objects.Versions;

namespace Cairn.Objects.Multipart;

/// <summary>Turns the parts of an upload into an object.</summary>
public sealed record CompleteRequest
{
    public required string Bucket { get; init; }

    public required string Key { get; init; }

    public required string UploadId { get; init; }

    public required IReadOnlyList<CompletedPart> Parts { get; init; }

    public WriteCondition? Condition { get; init; }

    /// <summary>x-amz-mp-object-size, in bytes.</summary>
    public long? ExpectedSize { get; init; }

    /// <summary>The whole object's checksum as the client computed it.</summary>
    public ObjectChecksum? ExpectedChecksum { get; init; }
}
