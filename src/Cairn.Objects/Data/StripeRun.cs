using System.Buffers;

namespace Cairn.Objects.Data;

/// <summary>The same columns of all shards of a few stripes, in memory while they are read.</summary>
/// <remarks>
/// Ownership: counted. A drive that was given up may still fill its shard's buffer; the pool gets all of them back from
/// the last holder.
/// </remarks>
internal sealed class StripeRun : IDisposable
{
    private readonly byte[]?[] _shards;
    private readonly byte[]?[] _computed;
    private readonly HolderCount _holders = new();

    /// <param name="offset">First byte of the columns in every shard.</param>
    /// <param name="length">Bytes of each shard.</param>
    /// <param name="total">k + m.</param>
    public StripeRun(long offset, int length, int total)
    {
        Offset = offset;
        Length = length;
        _shards = new byte[]?[total];
        _computed = new byte[]?[total];
    }

    public long Offset { get; }

    public int Length { get; }

    /// <summary>The place a drive fills with its shard's columns. One caller per shard.</summary>
    public Memory<byte> PlaceOf(int index) => Place(_shards, index);

    /// <summary>
    /// A place of its own for columns that are computed: a late drive may still be filling the other one.
    /// </summary>
    public Memory<byte> ComputedPlaceOf(int index) => Place(_computed, index);

    /// <summary>The columns of a shard, read or computed.</summary>
    public ReadOnlyMemory<byte> this[int index] => (_computed[index] ?? _shards[index]).AsMemory(0, Length);

    /// <summary>
    /// Keeps the memory for a drive that is about to fill it. False when nobody holds the run any more: a substitute
    /// that was chosen while the round was being decided comes too late, and the memory may be somebody else's.
    /// </summary>
    public bool TryAddHolder() => _holders.TryAdd();

    public void Dispose()
    {
        if (!_holders.Release())
        {
            return;
        }

        Return(_shards);
        Return(_computed);
    }

    private Memory<byte> Place(byte[]?[] places, int index) =>
        (places[index] ??= ArrayPool<byte>.Shared.Rent(Length)).AsMemory(0, Length);

    private static void Return(byte[]?[] places)
    {
        foreach (byte[]? place in places)
        {
            if (place is not null)
            {
                ArrayPool<byte>.Shared.Return(place);
            }
        }
    }
}
