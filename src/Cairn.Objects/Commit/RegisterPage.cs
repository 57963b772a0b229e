namespace Cairn.Objects.Commit;

/// <summary>A run of resolved registers.</summary>
/// <param name="Rows">In key order.</param>
/// <param name="IsEnd">Nothing follows the last row.</param>
internal sealed record RegisterPage(IReadOnlyList<RegisterRow> Rows, bool IsEnd);
