using Cairn.Drives.Index;
using Cairn.Drives.Records;

namespace Cairn.Drives.Reading;

/// <summary>Rows of one family in key order, a page at a time, for those who walk all of it beside other work.</summary>
internal static class IndexPage
{
    /// <param name="index">The index.</param>
    /// <param name="family">The family.</param>
    /// <param name="after">Key of the last row seen; empty: from the first one.</param>
    /// <param name="maxRows">Most rows.</param>
    /// <param name="maxBytes">A page ends with the row that reaches this many bytes.</param>
    /// <returns>No rows at the end of the family.</returns>
    /// <exception cref="Os.DriveIoException">The device failed, or a block of the index is damaged.</exception>
    public static async ValueTask<List<(byte[] Key, byte[] Row)>> ReadAsync(
        IDriveIndex index, IndexFamily family, ReadOnlyMemory<byte> after, int maxRows, long maxBytes)
    {
        List<(byte[] Key, byte[] Row)> rows = [];
        byte[] lower = after.IsEmpty ? [] : [.. after.Span, 0];
        await index.ScanAsync(() =>
        {
            long bytes = 0;
            using IIndexCursor cursor = index.OpenCursor(family, lower, KeyRange.End);
            while (rows.Count < maxRows && bytes < maxBytes && cursor.MoveNext())
            {
                rows.Add((cursor.Key.ToArray(), cursor.Value.ToArray()));
                bytes += cursor.Key.Length + cursor.Value.Length;
            }
        });
        return rows;
    }
}
