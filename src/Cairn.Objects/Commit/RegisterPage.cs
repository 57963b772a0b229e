namespace Cairn.Objects.Commit;

/// <summary>A run of resolved registers.</summary>
/// <param name="Rows">In key order; at least one unless IsEnd, so that there is a name to go on behind.</param>
/// <param name="IsEnd">Nothing follows the last row.</param>
internal sealed record RegisterPage(IReadOnlyList<RegisterRow> Rows, bool IsEnd);
