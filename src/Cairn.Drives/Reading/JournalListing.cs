using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Reading;

/// <summary>Reads the lines of the repair journal for one missing drive.</summary>
internal static class JournalListing
{
    /// <remarks>All lines of a register come together, past the limit if need be: the caller continues by register.</remarks>
    public static IReadOnlyList<MissedWrite> Run(IDriveIndex index, DriveId missing, RegisterKey? after, int limit)
    {
        List<MissedWrite> lines = [];
        using IIndexCursor cursor = index.OpenCursor(
            IndexFamily.Journal, JournalRow.LowerBound(missing, after), JournalRow.UpperBound(missing));
        while (cursor.MoveNext())
        {
            MissedWrite line = Decode(cursor);
            if (lines.Count >= limit && line.Key != lines[^1].Key)
            {
                break;
            }

            lines.Add(line);
        }

        return lines;
    }

    // The key says what to repair. A ballot that cannot be read becomes the highest, so that any repair strikes the line.
    private static MissedWrite Decode(IIndexCursor cursor)
    {
        byte[] row = cursor.Value.ToArray();
        try
        {
            return JournalRow.Decode(cursor.Key, row);
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            return JournalRow.Decode(cursor.Key, JournalRow.Encode(cursor.Key, new Ballot(ulong.MaxValue, ulong.MaxValue)));
        }
    }
}
