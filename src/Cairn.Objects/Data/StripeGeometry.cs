namespace Cairn.Objects.Data;

/// <summary>Where the bytes of a piece lie in its shards. Follows from size and k alone; part of the disk format.</summary>
/// <remarks>
/// The piece is cut into stripes of k chunks of ChunkSize bytes; chunk i of a stripe goes to shard i. The last stripe
/// may be shorter: its r bytes are cut into k chunks of ceil(r / k) bytes, the end filled with zeros. Parity chunks are
/// as long as the data chunks of their stripe.
/// </remarks>
internal readonly record struct StripeGeometry(long Size, int DataShards)
{
    /// <summary>
    /// Large enough that a disk seek is paid off and the codec runs at full speed, small enough that a few stripes per
    /// request stay within bounded memory.
    /// </summary>
    public const int ChunkSize = 64 * 1024;

    /// <summary>Payload bytes of a full stripe.</summary>
    public int StripeSize => ChunkSize * DataShards;

    public long FullStripes => Size / StripeSize;

    public long StripeCount => FullStripes + (Size % StripeSize == 0 ? 0 : 1);

    /// <summary>Bytes of every shard.</summary>
    public long ShardLength => (FullStripes * ChunkSize) + CeilingOf(Size % StripeSize);

    /// <summary>Bytes of each chunk of a stripe.</summary>
    public int ChunkLengthOf(long stripe) => stripe < FullStripes ? ChunkSize : CeilingOf(Size % StripeSize);

    /// <summary>Payload bytes of a stripe.</summary>
    public int PayloadOf(long stripe) => stripe < FullStripes ? StripeSize : (int)(Size % StripeSize);

    /// <summary>Bytes of each chunk of a last stripe with so much payload.</summary>
    public int CeilingOf(long payload) => (int)((payload + DataShards - 1) / DataShards);
}
