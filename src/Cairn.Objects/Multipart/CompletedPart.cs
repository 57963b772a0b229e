namespace Cairn.Objects.Multipart;

/// <summary>A part as the client names it at completion.</summary>
/// <param name="Number">1..10,000.</param>
/// <param name="ETag">Without quotes.</param>
/// <param name="Checksum">Checked when given; its type is ignored.</param>
public sealed record CompletedPart(int Number, string ETag, ObjectChecksum? Checksum);
