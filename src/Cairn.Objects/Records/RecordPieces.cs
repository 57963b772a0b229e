using Cairn.Drives.Registers;
using Cairn.Objects.Data;

namespace Cairn.Objects.Records;

/// <summary>Tells the layers below how the data of the namespace's records is cut.</summary>
internal sealed class RecordPieces : IRecordPieces
{
    /// <remarks>Without ids, which the entry lists in the same order.</remarks>
    public IReadOnlyList<DataPiece> GetPieces(RegisterSpace space, ReadOnlyMemory<byte> body) => space switch
    {
        RegisterSpace.Objects => VersionRecordCodec.DecodePieces(body.Span),
        RegisterSpace.Parts => [PartRecordCodec.DecodePiece(body.Span)],
        RegisterSpace.Uploads => UploadRecordCodec.DecodePieces(body.Span),
        _ => [],
    };
}
