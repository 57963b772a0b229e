using Cairn.Primitives.Ids;

namespace Cairn.Objects.Data;

/// <summary>One erasure-coded run of bytes of a version (a body, or one part), as its record describes it.</summary>
/// <param name="Id">Names the shards on all drives.</param>
/// <param name="Size">Bytes before coding.</param>
/// <param name="Code">k and m.</param>
internal sealed record DataPiece(DataId Id, long Size, ErasureCode Code);
