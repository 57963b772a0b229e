using Cairn.Drives.Os;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>An open database with its families; closed when the last user is done.</summary>
/// <remarks>Concurrency: any thread. A user that entered keeps the database open until it exits.</remarks>
internal sealed unsafe class RocksDbHandle
{
    /// <summary>Names on disk, by IndexFamily. RocksDB insists on a family called default.</summary>
    private static readonly string[] FamilyNames = ["default", "heads", "versions", "shards", "journal"];

    private readonly nint[] _families;
    private readonly Action<RocksDbHandle> _whenUnused;
    private volatile bool _isClosing;
    private int _users = 1;

    private RocksDbHandle(nint database, nint[] families, Action<RocksDbHandle> whenUnused)
    {
        Database = database;
        _families = families;
        _whenUnused = whenUnused;
    }

    public nint Database { get; }

    /// <param name="settings">Where and how.</param>
    /// <param name="recovery">What to make of a damaged log.</param>
    /// <param name="whenUnused">Called once by the last user, on its thread: has to close.</param>
    /// <exception cref="DriveIoException">The database cannot be opened.</exception>
    public static RocksDbHandle Open(RocksDbSettings settings, WalRecovery recovery, Action<RocksDbHandle> whenUnused)
    {
        nint options = RocksDbOptions.ForDatabase(settings, recovery);
        nint[] familyOptions = new nint[FamilyNames.Length];
        try
        {
            for (int i = 0; i < familyOptions.Length; i++)
            {
                familyOptions[i] = RocksDbOptions.ForFamily(settings.Environment, isBlob: i == (int)IndexFamily.Shards);
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

        throw new DriveIoException(DriveFault.Offline, "The index is closed.");
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _whenUnused(this);
        }
    }

    /// <summary>Lets nobody in any more; the last one who is in closes.</summary>
    public void BeginClose()
    {
        _isClosing = true;
        Exit();
    }

    /// <summary>Frees everything. Nobody may be using the database.</summary>
    /// <param name="flushes">Empty the log, so that the next start has nothing to replay. Failing at that is no loss.</param>
    public void Close(bool flushes)
    {
        if (flushes)
        {
            Flush();
        }

        RocksDbNative.CancelAllBackgroundWork(Database, 1);
        foreach (nint family in _families)
        {
            RocksDbNative.ColumnFamilyDestroy(family);
        }

        RocksDbNative.Close(Database);
    }

    private void Flush()
    {
        nint options = RocksDbNative.FlushOptionsCreate();
        foreach (nint family in _families)
        {
            byte* error = null;
            RocksDbNative.Flush(Database, options, family, &error);
            if (RocksDbStatus.Take(error) is not null)
            {
                break;
            }
        }

        RocksDbNative.FlushOptionsDestroy(options);
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
