using System.Runtime.InteropServices;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Erasure;

namespace Cairn.Objects.Data;

/// <summary>The shards of small data that came along with its record.</summary>
internal static class InlineShards
{
    /// <summary>
    /// The same shards with the missing data shards computed, where enough others are there; otherwise as they are. The
    /// drives verified them.
    /// </summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>?> Complete(
        IReadOnlyList<ReadOnlyMemory<byte>?> inline, DataPiece piece)
    {
        ErasureCode code = piece.Code;
        long length = new StripeGeometry(piece.Size, code.DataShards).ShardLength;
        PositionSet present = default;
        for (int shard = 0; shard < Math.Min(inline.Count, code.Total); shard++)
        {
            present = inline[shard] is { } bytes && bytes.Length == length ? present.With(shard) : present;
        }

        PositionSet missing = PositionSet.First(code.DataShards) - present;
        if (length == 0 || missing.IsEmpty || present.Count < code.DataShards)
        {
            return inline;
        }

        Memory<byte>[] shards = new Memory<byte>[code.Total];
        ReadOnlyMemory<byte>?[] complete = new ReadOnlyMemory<byte>?[code.Total];
        foreach (int shard in present)
        {
            complete[shard] = inline[shard];
            shards[shard] = MemoryMarshal.AsMemory(inline[shard]!.Value); // Only read.
        }

        foreach (int shard in missing)
        {
            complete[shard] = shards[shard] = new byte[length];
        }

        ReedSolomon.Get(code.DataShards, code.ParityShards).Reconstruct(
            shards, new ShardMask(present.Bits), new ShardMask(missing.Bits));
        return complete;
    }
}
