using System.Buffers;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Data;

/// <summary>Part of a range of a piece: the stripes that are read at once, and which of their columns and shards.</summary>
/// <remarks>
/// A range inside one chunk needs only those columns of that shard; inside one stripe only the shards it touches.
/// </remarks>
internal readonly record struct StripeRange
{
    private readonly StripeGeometry _geometry;
    private readonly long _offset;
    private readonly long _end;
    private readonly long _firstStripe;
    private readonly int _stripes;

    private StripeRange(StripeGeometry geometry, long offset, long end, long firstStripe, int stripes)
    {
        _geometry = geometry;
        _offset = offset;
        _end = end;
        _firstStripe = firstStripe;
        _stripes = stripes;
        if (stripes == 0)
        {
            return;
        }

        long lastStripe = firstStripe + stripes - 1;
        ColumnOffset = firstStripe * StripeGeometry.ChunkSize;
        ColumnLength = ((stripes - 1) * StripeGeometry.ChunkSize) + geometry.ChunkLengthOf(lastStripe);
        Shards = PositionSet.First(geometry.DataShards);
        if (stripes > 1)
        {
            return;
        }

        // Offsets within the stripe.
        int chunk = ColumnLength;
        long stripeStart = firstStripe * geometry.StripeSize;
        int from = (int)Math.Max(0, offset - stripeStart);
        int to = (int)Math.Min(geometry.PayloadOf(firstStripe), end - stripeStart);
        int firstShard = from / chunk;
        int lastShard = (to - 1) / chunk;
        Shards = PositionSet.First(lastShard + 1) - PositionSet.First(firstShard);
        if (firstShard == lastShard)
        {
            ColumnOffset += from % chunk;
            ColumnLength = to - from;
        }
    }

    public bool IsEmpty => _stripes == 0;

    /// <summary>First byte of the columns in each shard.</summary>
    public long ColumnOffset { get; private init; }

    public int ColumnLength { get; private init; }

    /// <summary>Data shards that are needed.</summary>
    public PositionSet Shards { get; private init; }

    /// <summary>The first stripe of a range of the piece.</summary>
    public static StripeRange First(StripeGeometry geometry, long offset, long length) =>
        new(geometry, offset, offset + length, offset / geometry.StripeSize, length == 0 ? 0 : 1);

    /// <summary>What follows, twice as many stripes up to the limit.</summary>
    public StripeRange Next(int limit)
    {
        long first = _firstStripe + _stripes;
        long last = (_end - 1) / _geometry.StripeSize;
        int stripes = (int)Math.Max(0, Math.Min(Math.Min(_stripes * 2, limit), last - first + 1));
        return new StripeRange(_geometry, _offset, _end, first, stripes);
    }

    /// <summary>Writes the payload of the range, in order.</summary>
    public void CopyTo(StripeRun run, IBufferWriter<byte> destination)
    {
        for (long stripe = _firstStripe; stripe < _firstStripe + _stripes; stripe++)
        {
            int chunk = _geometry.ChunkLengthOf(stripe);
            foreach (int shard in Shards)
            {
                long chunkStart = (stripe * _geometry.StripeSize) + ((long)shard * chunk);
                long from = Math.Max(_offset, chunkStart);
                long to = Math.Min(_end, Math.Min(chunkStart + chunk, _geometry.Size));
                if (from < to)
                {
                    long column = (stripe * StripeGeometry.ChunkSize) + (from - chunkStart) - ColumnOffset;
                    destination.Append(run[shard].Span.Slice((int)column, (int)(to - from)));
                }
            }
        }
    }
}
