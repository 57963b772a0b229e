using System.Collections.Concurrent;
using Cairn.Drives.Os;

namespace Cairn.Drives.Index.Packs;

/// <summary>The packs of one index: files of values that are too large to be moved about by compactions.</summary>
/// <remarks>
/// Invariants: a value is durable in its pack before a row points to it. A pack is removed only when the rows that
/// pointed into it are durably elsewhere, and no cursor is open that could still show the old ones.
/// Concurrency: one writer, beside any number of readers.
/// </remarks>
internal sealed class PackStore : IDisposable
{
    private const string Prefix = "pack-";

    private readonly NumberedFiles _files;
    private readonly bool _isInMemory;
    private readonly ConcurrentDictionary<long, Pack> _packs = new();
    private readonly List<long> _emptied = [];
    private readonly Lock _gate = new();
    private long _lastNumber;
    private int _pins;

    private PackStore(string folder)
    {
        _files = new NumberedFiles(folder, Prefix);

        // Files in memory do not know of reads that may not wait, and never wait.
        _isInMemory = OsFault.Guard(() => new DriveInfo(folder).DriveFormat) is "tmpfs" or "ramfs";
    }

    public IEnumerable<Pack> Packs => _packs.Values;

    public PlaceCache Places { get; } = new();

    /// <summary>The pack that was made last.</summary>
    public Pack? Last => Find(_lastNumber);

    /// <param name="folder">Of the index.</param>
    /// <param name="rows">Number, length and live bytes of each pack that rows may point to.</param>
    /// <param name="isReadOnly">Nothing may change; else files that nothing points to are removed.</param>
    /// <exception cref="DriveIoException">The device failed. A pack that is missing is met by who reads from it.</exception>
    public static PackStore Open(string folder, IEnumerable<(long Number, long Length, long Live)> rows, bool isReadOnly)
    {
        PackStore store = new(folder);
        HashSet<long> files = [.. store._files.List()];
        foreach ((long number, long length, long live) in rows)
        {
            store._lastNumber = Math.Max(store._lastNumber, number);
            if (files.Remove(number))
            {
                FileAccess access = isReadOnly ? FileAccess.Read : FileAccess.ReadWrite;
                store.Add(new Pack(number, store._files.Open(number, access), length, live));
            }
        }

        foreach (long number in files)
        {
            store._lastNumber = Math.Max(store._lastNumber, number);
            if (!isReadOnly)
            {
                store._files.Delete(number);
            }
        }

        return store;
    }

    /// <summary>A new pack, whose file is durably there.</summary>
    public Pack Create()
    {
        long number = ++_lastNumber;
        return Add(new Pack(number, _files.Create(number), length: 0, live: 0));
    }

    public Pack? Find(long number) => _packs.GetValueOrDefault(number);

    /// <summary>Reads a value if that takes no call to the device.</summary>
    /// <returns>False when it has to be read with <see cref="TryRead"/>.</returns>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public bool TryReadCached(PackPlace place, out byte[]? value)
    {
        if (_isInMemory || Find(place.Pack) is not { } pack)
        {
            value = TryRead(place);
            return true;
        }

        value = GC.AllocateUninitializedArray<byte>(place.Length);
        try
        {
            return pack.TryReadCached(place.Offset, value);
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Offline)
        {
            return false;
        }
    }

    /// <returns>The value, or null when the pack is not there any more: then its row points elsewhere by now.</returns>
    /// <exception cref="DriveIoException">Corrupt when the pack is too short, or the device failed.</exception>
    public byte[]? TryRead(PackPlace place)
    {
        if (Find(place.Pack) is not { } pack)
        {
            return null;
        }

        byte[] value = GC.AllocateUninitializedArray<byte>(place.Length);
        try
        {
            return pack.Read(place.Offset, value) == value.Length
                ? value
                : throw new DriveIoException(DriveFault.Corrupt, $"Pack {place.Pack} is too short.") { IsOfIndex = true };
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Offline)
        {
            return null;
        }
    }

    /// <summary>Nothing in the index points into the pack any more, but that is not durable yet.</summary>
    public void NoteEmptied(Pack pack)
    {
        lock (_gate)
        {
            _emptied.Add(pack.Number);
        }
    }

    /// <summary>The packs emptied so far, to be dropped once that is durable.</summary>
    public long[] TakeEmptied()
    {
        lock (_gate)
        {
            long[] taken = [.. _emptied];
            _emptied.Clear();
            return taken;
        }
    }

    /// <summary>Removes packs, or leaves them for the next time while cursors are open.</summary>
    public void Drop(long[] emptied)
    {
        lock (_gate)
        {
            if (_pins != 0)
            {
                _emptied.AddRange(emptied);
                return;
            }

            foreach (long number in emptied)
            {
                if (_packs.TryRemove(number, out Pack? pack))
                {
                    pack.Dispose();
                }

                _files.Delete(number);
            }
        }
    }

    /// <summary>Keeps all packs until <see cref="Unpin"/>.</summary>
    public void Pin()
    {
        lock (_gate)
        {
            _pins++;
        }
    }

    public void Unpin()
    {
        lock (_gate)
        {
            _pins--;
        }
    }

    public void Dispose()
    {
        foreach (Pack pack in _packs.Values)
        {
            pack.Dispose();
        }
    }

    private Pack Add(Pack pack)
    {
        _packs[pack.Number] = pack;
        return pack;
    }
}
