using Cairn.Objects.Records;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Multipart;

/// <summary>An uploaded part as its register has it.</summary>
internal sealed record HeldPart(int Number, Ballot Birth, PartRecord Record)
{
    public ObjectPart Describe() => new(
        Number, Record.Piece.Size, Record.ETag.ToString(), Record.Checksum, Birth.Time);
}
