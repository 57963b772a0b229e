using Cairn.Drives.Registers;

namespace Cairn.Objects.Data;

/// <summary>Reads out of a value's body how its data is cut. Only the writer of the body understands the rest of it.</summary>
/// <remarks>
/// The commit protocol needs k to know whether a value that few drives hold can be restored; repair needs size and code
/// to restore it.
/// </remarks>
internal interface IRecordPieces
{
    /// <summary>
    /// The pieces of a value's data, in the order of its data ids (which need not be filled in); empty when it has none.
    /// </summary>
    IReadOnlyList<DataPiece> GetPieces(RegisterSpace space, ReadOnlyMemory<byte> body);
}
