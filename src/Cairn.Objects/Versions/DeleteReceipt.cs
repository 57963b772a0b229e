using Cairn.Primitives.Ids;

namespace Cairn.Objects.Versions;

/// <summary>What a delete did.</summary>
/// <param name="Version">The version removed or the delete marker made; null id when nothing is worth showing.</param>
/// <param name="IsDeleteMarker">A delete marker was made, or one was removed by its version id.</param>
/// <param name="IsVersioned">The version id is worth showing.</param>
public sealed record DeleteReceipt(VersionId Version, bool IsDeleteMarker, bool IsVersioned);
