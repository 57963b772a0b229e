namespace Cairn.Objects.Commit;

/// <summary>One resolved register of a listing.</summary>
/// <param name="Name">The register's name.</param>
/// <param name="Values">The current version; or, when all were asked for, all live versions, newest first.</param>
/// <param name="IsCut">More versions of this register follow.</param>
internal sealed record RegisterRow(ReadOnlyMemory<byte> Name, IReadOnlyList<RegisterValue> Values, bool IsCut);
