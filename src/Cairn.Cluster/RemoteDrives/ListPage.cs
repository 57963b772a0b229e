using Cairn.Drives.Registers;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>Cuts a listing to what one message should carry; the caller asks for the rest as after any full page.</summary>
internal static class ListPage
{
    // Ballots and lengths of an entry, beside its body and data.
    private const int EntryOverhead = 64;

    public static ListReply Cut(ListReply reply, ListRequest request, int maxBytes)
    {
        long size = 0;
        for (int count = 0; count < reply.Rows.Count; count++)
        {
            ListRow row = reply.Rows[count];
            size += SizeOf(row);
            if (size <= maxBytes)
            {
                continue;
            }

            // The first row goes out in any case, or the listing would not get on. A register's versions can be cut
            // anywhere; without them it has but the few entries that decide about it.
            ListRow last = count == 0 && request.AllVersions ? Cut(row, maxBytes) : row;
            List<ListRow> rows = [.. reply.Rows.Take(count)];
            if (count == 0)
            {
                rows.Add(last);
            }

            bool isAll = rows.Count == reply.Rows.Count && last.Entries.Count == row.Entries.Count;
            return reply with { Rows = rows, IsEnd = reply.IsEnd && isAll };
        }

        return reply;
    }

    private static ListRow Cut(ListRow row, int maxBytes)
    {
        long size = 0;
        int count = 0;
        while (count < row.Entries.Count && (count == 0 || size + SizeOf(row.Entries[count]) <= maxBytes))
        {
            size += SizeOf(row.Entries[count++]);
        }

        return count == row.Entries.Count ? row : row with { Entries = [.. row.Entries.Take(count)], IsCut = true };
    }

    private static long SizeOf(ListRow row) => row.Name.Length + row.Entries.Sum(SizeOf);

    private static long SizeOf(RegisterEntry entry) => EntryOverhead + entry.Body.Length + 16L * entry.Data.Count;
}
