using System.Buffers;
using Cairn.Drives.Os;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>An open database with its families; closed when the last user is done.</summary>
/// <remarks>Concurrency: any thread. A user that entered keeps the database open until it exits.</remarks>
internal sealed unsafe class RocksDbHandle
{
    /// <summary>Names on disk, by IndexFamily. RocksDB insists on a family called default.</summary>
    private static readonly string[] FamilyNames = ["default", "heads", "versions", "shards", "journal"];

    /// <summary>Rows that <see cref="GetMany"/> reads at once; its arrays are on the stack.</summary>
    public const int MostAtOnce = 64;

    private const int CacheOnlyTier = 1;

    private readonly nint[] _families;
    private readonly nint _cacheOnly;
    private readonly nint _notKept;
    private readonly nint _kept;
    private readonly nint _withoutLog;
    private readonly Action<RocksDbHandle> _whenUnused;
    private volatile bool _isClosing;
    private int _users = 1;

    private RocksDbHandle(nint database, nint[] families, Action<RocksDbHandle> whenUnused)
    {
        Database = database;
        _families = families;
        _whenUnused = whenUnused;
        _kept = RocksDbNative.ReadOptionsCreate();
        _notKept = RocksDbNative.ReadOptionsCreate();
        RocksDbNative.ReadOptionsSetFillCache(_notKept, 0);
        _cacheOnly = RocksDbNative.ReadOptionsCreate();
        RocksDbNative.ReadOptionsSetReadTier(_cacheOnly, CacheOnlyTier);
        _withoutLog = RocksDbNative.WriteOptionsCreate();
        RocksDbNative.WriteOptionsDisableLog(_withoutLog, 1);
    }

    public nint Database { get; }

    /// <param name="settings">Where and how.</param>
    /// <param name="whenUnused">Called once by the last user, on its thread: has to close.</param>
    /// <exception cref="DriveIoException">The database cannot be opened.</exception>
    public static RocksDbHandle Open(RocksDbSettings settings, Action<RocksDbHandle> whenUnused)
    {
        nint options = RocksDbOptions.ForDatabase(settings);
        nint[] familyOptions = new nint[FamilyNames.Length];
        try
        {
            for (int i = 0; i < familyOptions.Length; i++)
            {
                familyOptions[i] = RocksDbOptions.ForFamily(settings.Environment);
            }

            nint[] families = new nint[FamilyNames.Length];
            nint database = Open(settings, options, familyOptions, families);
            return new RocksDbHandle(database, families, whenUnused);
        }
        finally
        {
            RocksDbNative.OptionsDestroy(options);
            foreach (nint family in familyOptions)
            {
                RocksDbNative.OptionsDestroy(family);
            }
        }
    }

    public nint Family(IndexFamily family) => _families[(int)family];

    /// <summary>Numbers that RocksDB gave the families, by IndexFamily.</summary>
    public uint[] FamilyIds() => [.. _families.Select(RocksDbNative.ColumnFamilyGetId)];

    /// <summary>Keeps the database open until <see cref="Exit"/>.</summary>
    /// <exception cref="DriveIoException">Offline: it is closed, or about to be.</exception>
    public void Enter()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0 && !_isClosing)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return;
            }

            users = seen;
        }

        throw Closed();
    }

    public static DriveIoException Closed() => new(DriveFault.Offline, "The index is closed.");

    public void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _whenUnused(this);
        }
    }

    /// <summary>Reads a row.</summary>
    /// <param name="family">Of the row.</param>
    /// <param name="key">Of the row.</param>
    /// <param name="use">Of the blocks on the way.</param>
    /// <param name="value">A copy, or null when there is no such row.</param>
    /// <returns>False when the answer is in none of the blocks that may be used.</returns>
    /// <exception cref="DriveIoException">As RocksDB says; Offline.</exception>
    public bool TryGet(IndexFamily family, ReadOnlySpan<byte> key, BlockUse use, out byte[]? value)
    {
        value = null;
        Enter();
        try
        {
            byte* error = null;
            nint pinned;
            fixed (byte* pointer = key)
            {
                pinned = RocksDbNative.GetPinned(
                    Database, OptionsFor(use), Family(family), pointer, (nuint)key.Length, &error);
            }

            if (RocksDbStatus.Take(error) is { } text)
            {
                return RocksDbStatus.IsIncomplete(text) ? false : throw RocksDbStatus.ToException(text);
            }

            value = pinned == 0 ? null : TakePinned(pinned);
            return true;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Reads several rows of a family in one go, which takes a fraction of the time for each of them.</summary>
    /// <param name="family">Of the rows.</param>
    /// <param name="keys">Of the rows; at most <see cref="MostAtOnce"/>.</param>
    /// <param name="use">Of the blocks on the way: all of them.</param>
    /// <param name="values">A copy for each key, or null when there is no such row.</param>
    /// <exception cref="DriveIoException">As RocksDB says of any of them; Offline.</exception>
    public void GetMany(
        IndexFamily family, ReadOnlySpan<ReadOnlyMemory<byte>> keys, BlockUse use, Span<byte[]?> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys.Length, MostAtOnce);
        byte** starts = stackalloc byte*[keys.Length];
        nuint* lengths = stackalloc nuint[keys.Length];
        nint* slices = stackalloc nint[keys.Length];
        byte** errors = stackalloc byte*[keys.Length];
        MemoryHandle[] pins = new MemoryHandle[keys.Length];
        Enter();
        try
        {
            for (int i = 0; i < keys.Length; i++)
            {
                pins[i] = keys[i].Pin();
                starts[i] = (byte*)pins[i].Pointer;
                lengths[i] = (nuint)keys[i].Length;
            }

            RocksDbNative.MultiGet(
                Database, OptionsFor(use), Family(family), (nuint)keys.Length, starts, lengths, slices, errors, isSorted: 0);
            string? failure = null;
            for (int i = 0; i < keys.Length; i++)
            {
                values[i] = slices[i] == 0 ? null : TakePinned(slices[i]);
                failure = RocksDbStatus.Take(errors[i]) ?? failure;
            }

            if (failure is not null)
            {
                throw RocksDbStatus.ToException(failure);
            }
        }
        finally
        {
            Exit();
            foreach (MemoryHandle pin in pins)
            {
                pin.Dispose();
            }
        }
    }

    /// <summary>The row of Shards as it is, with a value or the place of one; null when there is none.</summary>
    /// <exception cref="DriveIoException">As RocksDB says; Offline.</exception>
    public byte[]? FindShard(ReadOnlyMemory<byte> key)
    {
        TryGet(IndexFamily.Shards, key.Span, BlockUse.NotKept, out byte[]? row);
        return row;
    }

    /// <summary>Puts an encoded batch into RocksDB's memory. Durable after the next <see cref="Flush"/>.</summary>
    /// <exception cref="DriveIoException">RocksDB takes nothing any more; Offline.</exception>
    public void Write(ReadOnlySpan<byte> encoded)
    {
        Enter();
        try
        {
            byte* error = null;
            fixed (byte* pointer = encoded)
            {
                nint batch = RocksDbNative.WriteBatchCreateFrom(pointer, (nuint)encoded.Length);
                RocksDbNative.Write(Database, _withoutLog, batch, &error);
                RocksDbNative.WriteBatchDestroy(batch);
            }

            RocksDbStatus.ThrowOn(error);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Makes everything durable that was written before the call.</summary>
    /// <exception cref="DriveIoException">Nothing is known to be durable; Offline.</exception>
    public void Flush()
    {
        Enter();
        nint options = RocksDbNative.FlushOptionsCreate();
        try
        {
            foreach (nint family in _families)
            {
                byte* error = null;
                RocksDbNative.Flush(Database, options, family, &error);
                RocksDbStatus.ThrowOn(error);
            }
        }
        finally
        {
            RocksDbNative.FlushOptionsDestroy(options);
            Exit();
        }
    }

    /// <summary>Lets nobody in any more; the last one who is in closes.</summary>
    public void BeginClose()
    {
        _isClosing = true;
        Exit();
    }

    /// <summary>Frees everything. Nobody may be using the database.</summary>
    public void Close()
    {
        RocksDbNative.CancelAllBackgroundWork(Database, 1);
        foreach (nint family in _families)
        {
            RocksDbNative.ColumnFamilyDestroy(family);
        }

        RocksDbNative.Close(Database);
        RocksDbNative.ReadOptionsDestroy(_kept);
        RocksDbNative.ReadOptionsDestroy(_notKept);
        RocksDbNative.ReadOptionsDestroy(_cacheOnly);
        RocksDbNative.WriteOptionsDestroy(_withoutLog);
    }

    private nint OptionsFor(BlockUse use) => use switch
    {
        BlockUse.OnlyCached => _cacheOnly,
        BlockUse.NotKept => _notKept,
        _ => _kept,
    };

    private static byte[] TakePinned(nint pinned)
    {
        nuint length;
        byte* bytes = RocksDbNative.PinnedValue(pinned, &length);
        byte[] value = new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
        RocksDbNative.PinnedDestroy(pinned);
        return value;
    }

    private static nint Open(RocksDbSettings settings, nint options, nint[] familyOptions, nint[] families)
    {
        byte[] names = RocksDbOptions.Utf8Path(string.Join('\0', FamilyNames));
        byte** namePointers = stackalloc byte*[FamilyNames.Length];
        byte* error = null;
        nint database;
        fixed (byte* name = names)
        fixed (byte* path = RocksDbOptions.Utf8Path(settings.Path))
        fixed (nint* familyOptionsPointer = familyOptions)
        fixed (nint* familiesPointer = families)
        {
            int offset = 0;
            for (int i = 0; i < FamilyNames.Length; i++)
            {
                namePointers[i] = name + offset;
                offset += FamilyNames[i].Length + 1;
            }

            database = settings.Mode == RocksDbMode.ReadOnly
                ? RocksDbNative.OpenReadOnly(
                    options, path, families.Length, namePointers, familyOptionsPointer, familiesPointer, 0, &error)
                : RocksDbNative.Open(
                    options, path, families.Length, namePointers, familyOptionsPointer, familiesPointer, &error);
        }

        RocksDbStatus.ThrowOn(error);
        return database;
    }
}
