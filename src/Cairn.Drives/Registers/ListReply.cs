using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>A run of registers in key order.</summary>
/// <param name="IsVoting">False on a recovering drive: absence here proves nothing.</param>
/// <param name="Rows">The registers; a row cut by the limit is the last one.</param>
/// <param name="IsEnd">Nothing follows.</param>
public sealed record ListReply(bool IsVoting, IReadOnlyList<ListRow> Rows, bool IsEnd)
{
    /// <summary>Of registers that are not among the rows: as RegisterView.Floor.</summary>
    public Ballot Floor { get; init; }
}
