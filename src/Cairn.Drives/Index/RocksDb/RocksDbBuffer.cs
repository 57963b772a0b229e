using Cairn.Drives.Index.Log;
using Cairn.Drives.Index.Packs;
using Cairn.Drives.Os;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>The rows between log and RocksDB, and their way from the one to the other.</summary>
/// <remarks>
/// Purpose: RocksDB takes microseconds for each row, most of them searching for its place; in order and by the thousand
/// they take a fraction, and a register that was accepted and committed within the time is one row instead of two.
/// Invariants: a row is visible only when its record is durable, and at every moment in one of three places, which are
/// asked in this order: <see cref="_filling"/>, <see cref="_draining"/>, RocksDB.
/// Concurrency: one writer beside any number of readers; one drain at a time.
/// Failure: rows whose drain failed stay here, and in the log.
/// </remarks>
internal sealed class RocksDbBuffer(RocksDbHandle handle, PackWriter packs)
{
    private readonly Lock _drainGate = new();
    private readonly WriteBatchEncoder _encoder = new(handle.FamilyIds());
    private readonly PackCollector _collector = new(packs);
    private volatile BufferedRows _filling = new();
    private volatile BufferedRows? _draining;

    /// <summary>The log of an earlier opening is gone through: rows may be in RocksDB already.</summary>
    public bool IsReplay { get; set; }

    /// <summary>Bytes that wait for a drain.</summary>
    public long SizeBytes => _filling.SizeBytes;

    /// <param name="record">Durable; of the shared pool, handed over.</param>
    /// <param name="size">Its bytes.</param>
    public void Add(byte[] record, int size)
    {
        while (!_filling.TryAdd(record, size))
        {
            // Just swapped: there is another.
        }
    }

    /// <summary>Whether the latest change of a row is here, and its value, or null when it was removed.</summary>
    public bool TryGet(IndexFamily family, ReadOnlyMemory<byte> key, out byte[]? value)
    {
        value = null;
        return _filling.TryGet(family, key, out value) || (_draining?.TryGet(family, key, out value) ?? false);
    }

    /// <summary>Puts everything added before the call into RocksDB's memory.</summary>
    /// <exception cref="DriveIoException">RocksDB has failed, now or before.</exception>
    public void Drain()
    {
        lock (_drainGate)
        {
            // Rows of a drain that failed go first, or older ones would replace newer ones.
            DrainOne();
            if (_filling.HasRows)
            {
                BufferedRows full = _filling;
                _draining = full;
                _filling = new BufferedRows();
                full.Close();
                DrainOne();
            }
        }
    }

    /// <summary>Does a piece of the work of giving back room in packs.</summary>
    /// <exception cref="DriveIoException">RocksDB or the device has failed.</exception>
    public void Collect()
    {
        lock (_drainGate)
        {
            List<IndexChange> changes = _collector.Step();
            if (changes.Count != 0)
            {
                handle.Write(_encoder.Encode(changes).Span);
                packs.Settle(changes);
            }
        }
    }

    /// <summary>All rows by family and key, each as one change. Nothing may be added any more.</summary>
    public List<IndexChange> Sort() => _filling.Sort();

    private void DrainOne()
    {
        if (_draining is not { } rows)
        {
            return;
        }

        List<IndexChange> changes = rows.Sort();
        packs.Stow(changes, IsReplay);
        handle.Write(_encoder.Encode(changes).Span);
        packs.Settle(changes);
        _draining = null;
        rows.Release();
    }
}
