using System.Buffers;
using Cairn.Primitives.Erasure;

namespace Cairn.Objects.Data;

/// <summary>A few stripes in memory: payload in one run, so that it is read and hashed as it comes, and parity beside it.</summary>
/// <remarks>
/// Ownership: counted, since drives that are given up may still be reading; the pool gets the memory back from the last
/// holder. One that never comes back costs the memory of one batch, not its safety.
/// </remarks>
internal sealed class StripeBatch
{
    // Enough for the hash to run without pauses between batches; a few of them per request stay small.
    private const int TargetPayload = 512 * 1024;

    private readonly ErasureCode _code;
    private readonly byte[] _payload;
    private readonly byte[] _parity;
    private readonly ReadOnlyMemory<byte>[] _dataChunks;
    private readonly Memory<byte>[] _parityChunks;
    private int _holders = 1;

    private StripeBatch(ErasureCode code, int stripes)
    {
        _code = code;
        Capacity = stripes * code.DataShards * StripeGeometry.ChunkSize;
        _payload = ArrayPool<byte>.Shared.Rent(Capacity);
        _parity = ArrayPool<byte>.Shared.Rent(Math.Max(1, stripes * code.ParityShards * StripeGeometry.ChunkSize));
        _dataChunks = new ReadOnlyMemory<byte>[code.DataShards];
        _parityChunks = new Memory<byte>[code.ParityShards];
    }

    /// <summary>Stripes of a batch.</summary>
    public static int StripesFor(ErasureCode code) =>
        Math.Max(1, TargetPayload / (code.DataShards * StripeGeometry.ChunkSize));

    public static StripeBatch Rent(ErasureCode code) => new(code, StripesFor(code));

    /// <summary>Most bytes of payload.</summary>
    public int Capacity { get; }

    /// <summary>Bytes of payload in it.</summary>
    public int Length { get; private set; }

    public Memory<byte> Free => _payload.AsMemory(Length, Capacity - Length);

    public ReadOnlyMemory<byte> Payload => _payload.AsMemory(0, Length);

    public bool IsFull => Length == Capacity;

    private int StripeSize => _code.DataShards * StripeGeometry.ChunkSize;

    public int StripeCount => (Length + StripeSize - 1) / StripeSize;

    public void Advance(int count) => Length += count;

    /// <summary>Computes the parity of all stripes. The payload may be read at the same time.</summary>
    public void Encode()
    {
        ReedSolomon code = ReedSolomon.Get(_code.DataShards, _code.ParityShards);
        for (int stripe = 0; stripe < StripeCount; stripe++)
        {
            int chunk = ChunkLengthOf(stripe);
            int padded = (stripe * StripeSize) + (chunk * _code.DataShards);
            if (padded > Length)
            {
                _payload.AsSpan(Length, padded - Length).Clear();
            }

            for (int shard = 0; shard < _code.DataShards; shard++)
            {
                _dataChunks[shard] = ChunkOf(stripe, shard);
            }

            for (int shard = 0; shard < _code.ParityShards; shard++)
            {
                _parityChunks[shard] = _parity.AsMemory(ParityOffsetOf(stripe, shard, chunk), chunk);
            }

            code.Encode(_dataChunks, _parityChunks);
        }
    }

    /// <summary>What goes to a shard, one chunk for each stripe; after Encode.</summary>
    public ReadOnlyMemory<byte>[] ChunksOf(int shard)
    {
        ReadOnlyMemory<byte>[] chunks = new ReadOnlyMemory<byte>[StripeCount];
        for (int stripe = 0; stripe < chunks.Length; stripe++)
        {
            chunks[stripe] = ChunkOf(stripe, shard);
        }

        return chunks;
    }

    private ReadOnlyMemory<byte> ChunkOf(int stripe, int shard)
    {
        int chunk = ChunkLengthOf(stripe);
        return shard < _code.DataShards
            ? _payload.AsMemory((stripe * StripeSize) + (shard * chunk), chunk)
            : _parity.AsMemory(ParityOffsetOf(stripe, shard - _code.DataShards, chunk), chunk);
    }

    public void AddHolder() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            ArrayPool<byte>.Shared.Return(_payload);
            ArrayPool<byte>.Shared.Return(_parity);
        }
    }

    private int ChunkLengthOf(int stripe)
    {
        int payload = Math.Min(StripeSize, Length - (stripe * StripeSize));
        return (payload + _code.DataShards - 1) / _code.DataShards;
    }

    private int ParityOffsetOf(int stripe, int parity, int chunk) =>
        (stripe * _code.ParityShards * StripeGeometry.ChunkSize) + (parity * chunk);
}
