using Cairn.Objects.Versions;

namespace Cairn.Objects.Multipart;

/// <summary>A page of an upload's parts, by number.</summary>
/// <param name="Upload">The upload.</param>
/// <param name="Parts">The parts.</param>
/// <param name="Next">The part number to go on behind; null at the end.</param>
public sealed record PartPage(UploadDescription Upload, IReadOnlyList<ObjectPart> Parts, int? Next);
