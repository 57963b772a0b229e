using System.Runtime.InteropServices;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>A RocksDB iterator with an upper bound.</summary>
internal sealed unsafe class RocksDbCursor : IIndexCursor
{
    private readonly RocksDbHandle _handle;
    private readonly RocksDbSnapshot? _snapshot;
    private readonly byte[] _lower;
    private readonly byte* _upper;
    private readonly nint _options;
    private nint _iterator;
    private bool _hasPosition;

    public RocksDbCursor(
        RocksDbHandle handle,
        RocksDbSnapshot? snapshot,
        IndexFamily family,
        ReadOnlySpan<byte> lower,
        ReadOnlySpan<byte> upper)
    {
        handle.Enter();
        _handle = handle;
        _snapshot = snapshot;
        _snapshot?.AddUser();
        _lower = lower.ToArray();

        // RocksDB keeps the pointer for as long as the iterator lives.
        _upper = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, upper.Length));
        upper.CopyTo(new Span<byte>(_upper, upper.Length));
        _options = RocksDbNative.ReadOptionsCreate();

        // A walk passes each block once, and would push out those that searches come back to.
        RocksDbNative.ReadOptionsSetFillCache(_options, 0);
        RocksDbNative.ReadOptionsSetIterateUpperBound(_options, _upper, (nuint)upper.Length);
        if (snapshot is not null)
        {
            RocksDbNative.ReadOptionsSetSnapshot(_options, snapshot.Snapshot);
        }

        _iterator = RocksDbNative.IteratorCreate(handle.Database, _options, handle.Family(family));
    }

    public ReadOnlySpan<byte> Key
    {
        get
        {
            nuint length;
            byte* key = RocksDbNative.IteratorKey(_iterator, &length);
            return new ReadOnlySpan<byte>(key, checked((int)length));
        }
    }

    public ReadOnlySpan<byte> Value
    {
        get
        {
            nuint length;
            byte* value = RocksDbNative.IteratorValue(_iterator, &length);
            return new ReadOnlySpan<byte>(value, checked((int)length));
        }
    }

    public bool MoveNext()
    {
        if (!_hasPosition)
        {
            return Seek(_lower);
        }

        RocksDbNative.IteratorNext(_iterator);
        return IsValid();
    }

    public bool Seek(ReadOnlySpan<byte> key)
    {
        _hasPosition = true;
        ReadOnlySpan<byte> target = key.SequenceCompareTo(_lower) < 0 ? _lower : key;
        fixed (byte* pointer = target)
        {
            RocksDbNative.IteratorSeek(_iterator, pointer, (nuint)target.Length);
        }

        return IsValid();
    }

    public void Dispose()
    {
        if (_iterator == 0)
        {
            return;
        }

        RocksDbNative.IteratorDestroy(_iterator);
        RocksDbNative.ReadOptionsDestroy(_options);
        NativeMemory.Free(_upper);
        _iterator = 0;
        _snapshot?.RemoveUser();
        _handle.Exit();
    }

    private bool IsValid()
    {
        if (RocksDbNative.IteratorValid(_iterator) != 0)
        {
            return true;
        }

        byte* error = null;
        RocksDbNative.IteratorGetError(_iterator, &error);
        RocksDbStatus.ThrowOn(error);
        return false;
    }
}
