using Cairn.Objects.Data;

namespace Cairn.Objects.Records;

/// <summary>What the store keeps about an uploaded part; its number is in the register's name.</summary>
/// <param name="ETag">MD5 of its bytes.</param>
/// <param name="Piece">Its bytes.</param>
/// <param name="Checksum">Kept with it, if any.</param>
internal sealed record PartRecord(ETag ETag, DataPiece Piece, ObjectChecksum? Checksum);
