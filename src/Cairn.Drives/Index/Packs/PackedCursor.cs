using Cairn.Drives.Os;

namespace Cairn.Drives.Index.Packs;

/// <summary>A cursor that shows values where its rows have their places.</summary>
/// <param name="rows">Disposed with this.</param>
/// <param name="packs">Where the values are; pinned, and unpinned with the disposal.</param>
internal sealed class PackedCursor(IIndexCursor rows, PackStore packs) : IIndexCursor
{
    private byte[]? _value;

    public ReadOnlySpan<byte> Key => rows.Key;

    public ReadOnlySpan<byte> Value
    {
        get
        {
            ReadOnlySpan<byte> row = rows.Value;
            if (_value is null && PackPlace.TryDecode(row, out PackPlace place))
            {
                _value = packs.TryRead(place)
                    ?? throw new DriveIoException(DriveFault.Corrupt, $"Pack {place.Pack} is gone.") { IsOfIndex = true };
            }

            return _value ?? row;
        }
    }

    public bool MoveNext() => Show(rows.MoveNext());

    public bool Seek(ReadOnlySpan<byte> key) => Show(rows.Seek(key));

    public void Dispose()
    {
        rows.Dispose();
        packs.Unpin();
    }

    // Rows about packs are none of the index.
    private bool Show(bool isOnRow)
    {
        _value = null;
        while (isOnRow && PackRow.IsKey(rows.Key))
        {
            isOnRow = rows.MoveNext();
        }

        return isOnRow;
    }
}
