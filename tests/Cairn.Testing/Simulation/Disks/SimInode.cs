namespace Cairn.Testing.Simulation.Disks;

/// <summary>A file's bytes: as the page cache shows them, and as the platter holds them.</summary>
/// <remarks>
/// Invariants: a clean sector is either equal in both, or was given up by a failed sync: then the cache keeps showing
/// bytes that no later sync will write (the behaviour of Linux that makes a failed fsync poisonous).
/// See: Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020.
/// </remarks>
internal sealed class SimInode
{
    /// <summary>The unit that a disk writes whole or not at all, in bytes.</summary>
    public const int SectorSize = 512;

    private byte[] _cached = [];
    private byte[] _durable = [];
    private bool[] _isDirty = [];
    private int _durableLength;

    /// <summary>Bytes, as every reader sees it.</summary>
    public int Length { get; private set; }

    public bool HasUnsynced => Length != _durableLength || Array.IndexOf(_isDirty, true) >= 0;

    public void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        int end = checked(offset + bytes.Length);
        Reserve(end);
        bytes.CopyTo(_cached.AsSpan(offset));
        Length = Math.Max(Length, end);
        int first = offset / SectorSize;
        int last = (end - 1) / SectorSize;
        Array.Fill(_isDirty, true, first, last - first + 1);
    }

    public int Read(long offset, Span<byte> destination)
    {
        if (offset >= Length)
        {
            return 0;
        }

        int count = (int)Math.Min(destination.Length, Length - offset);
        _cached.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    public void Sync()
    {
        for (int sector = 0; sector < _isDirty.Length; sector++)
        {
            if (_isDirty[sector])
            {
                PersistSector(sector);
            }
        }

        _durableLength = Length;
        Array.Clear(_isDirty);
    }

    /// <summary>A failed sync: the pages are marked clean although they were not written.</summary>
    public void GiveUpDirty() => Array.Clear(_isDirty);

    /// <summary>Power loss: of what was not synced, the platter may have got nothing, a prefix, some sectors or all.</summary>
    public void LosePower(SimRandom random)
    {
        if (HasUnsynced)
        {
            switch (random.Next(4))
            {
                case 0:
                    break;
                case 1:
                    Sync();
                    break;
                case 2:
                    int prefix = random.Next(_isDirty.Length + 1);
                    PersistSome(random, sector => sector < prefix);
                    break;
                default:
                    PersistSome(random, _ => random.Chance(0.5));
                    break;
            }
        }

        Length = _durableLength;
        Array.Clear(_isDirty);
        Array.Clear(_cached);
        _durable.AsSpan(0, _durableLength).CopyTo(_cached);
        // What lies beyond the length is not part of the file; a later extension must not bring it back.
        Array.Clear(_durable, _durableLength, _durable.Length - _durableLength);
    }

    /// <summary>Bit rot: changes one byte on the platter and in what readers see.</summary>
    public void Flip(int offset, byte mask)
    {
        _cached[offset] ^= mask;
        _durable[offset] ^= mask;
    }

    private void PersistSome(SimRandom random, Func<int, bool> survives)
    {
        for (int sector = 0; sector < _isDirty.Length; sector++)
        {
            if (_isDirty[sector] && survives(sector))
            {
                PersistSector(sector);
            }
        }

        if (Length > _durableLength)
        {
            _durableLength = random.Next(3) switch
            {
                0 => _durableLength,
                1 => Length,
                _ => random.Between(_durableLength, Length),
            };
        }
    }

    private void PersistSector(int sector)
    {
        int start = sector * SectorSize;
        int count = Math.Min(SectorSize, _cached.Length - start);
        _cached.AsSpan(start, count).CopyTo(_durable.AsSpan(start));
    }

    private void Reserve(int length)
    {
        if (length <= _cached.Length)
        {
            return;
        }

        int capacity = (Math.Max(length, Math.Min(_cached.Length * 2, length + (1 << 20))) + SectorSize - 1)
            / SectorSize * SectorSize;
        Array.Resize(ref _cached, capacity);
        Array.Resize(ref _durable, capacity);
        Array.Resize(ref _isDirty, capacity / SectorSize);
    }
}
