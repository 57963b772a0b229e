using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;

namespace Cairn.Drives.Reading;

/// <summary>Finds the registers that an earlier run has left with a pending value.</summary>
/// <remarks>Runs once after an opening that may find some, beside everything else, page by page.</remarks>
internal sealed class PendingScan(IDriveIndex index)
{
    private const int PageSize = 4096;

    private byte[] _from = [];

    /// <summary>The whole index was seen.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Those of the next page of the index.</summary>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public async ValueTask<IReadOnlyList<RegisterKey>> NextAsync()
    {
        List<RegisterKey> found = [];
        await index.ScanAsync(() => Scan(found));
        return found;
    }

    private void Scan(List<RegisterKey> found)
    {
        using IIndexCursor cursor = index.OpenCursor(IndexFamily.Heads, _from, [byte.MaxValue]);
        for (int rows = 0; rows < PageSize; rows++)
        {
            if (!cursor.MoveNext())
            {
                IsEnd = true;
                return;
            }

            if (HasPending(cursor))
            {
                found.Add(RegisterKey.FromEncoded(cursor.Key.ToArray()));
            }

            _from = [.. cursor.Key, 0];
        }
    }

    private static bool HasPending(IIndexCursor cursor)
    {
        try
        {
            return RegisterHead.Decode(cursor.Key, cursor.Value.ToArray()).HasPending;
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            // Whoever asks for the register, or the scrub, finds it damaged and has it repaired as a whole.
            return false;
        }
    }
}
