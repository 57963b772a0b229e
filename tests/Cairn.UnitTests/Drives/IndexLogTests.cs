using Cairn.Drives.Index;
using Cairn.Drives.Index.Log;
using Cairn.Drives.Os;
using Xunit;

namespace Cairn.UnitTests.Drives;

// What a start makes of a log: all that was answered, or the word that some of it is gone.
public sealed class IndexLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Records_come_back_in_order_across_files_and_openings()
    {
        Append(0, 10, fileBytes: 100);
        Assert.True(Files().Length > 2);
        Append(10, 5, fileBytes: 100);
        (List<string> keys, LogEnd end) = Read();
        Assert.Equal(Enumerable.Range(0, 15).Select(i => "k" + i), keys);
        Assert.False(end.IsLossy);
        Assert.Equal(15, end.NextSequence);
    }

    [Fact]
    public void Log_that_is_cut_anywhere_in_its_last_record_has_lost_nothing_else()
    {
        Append(0, 3, 1 << 20);
        byte[] whole = File.ReadAllBytes(Files()[0]);
        int start = LastRecordOf(whole);
        for (int length = start; length < whole.Length; length++)
        {
            File.WriteAllBytes(Files()[0], whole[..length]);
            (List<string> keys, LogEnd end) = Read();
            Assert.Equal(["k0", "k1"], keys);
            Assert.False(end.IsLossy);
        }
    }

    [Fact]
    public void Flipped_bit_anywhere_is_told_as_a_loss()
    {
        Append(0, 3, 1 << 20);
        byte[] whole = File.ReadAllBytes(Files()[0]);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0x04;
            File.WriteAllBytes(Files()[0], damaged);
            Assert.True(Read().End.IsLossy, $"byte {i}");
        }
    }

    [Fact]
    public void Sector_of_the_last_record_that_was_never_written_is_no_loss()
    {
        Append(0, 2, 1 << 20, valueBytes: 3000);
        Zero(1);
        (List<string> keys, LogEnd end) = Read();
        Assert.Equal(["k0"], keys);
        Assert.False(end.IsLossy);
    }

    [Fact]
    public void Empty_sector_with_a_record_behind_it_is_a_loss()
    {
        Append(0, 2, 1 << 20, valueBytes: 3000);
        Zero(0);
        Assert.True(Read().End.IsLossy);
    }

    [Fact]
    public void Damage_at_the_end_of_a_file_that_has_a_successor_is_a_loss()
    {
        Append(0, 1, 1);
        Append(1, 1, 1);
        string first = Files()[0];
        File.WriteAllBytes(first, File.ReadAllBytes(first)[..^1]);
        Assert.True(Read().End.IsLossy);
    }

    [Fact]
    public void File_that_is_missing_between_others_is_a_loss()
    {
        Append(0, 3, 1);
        File.Delete(Files()[1]);
        (List<string> keys, LogEnd end) = Read();
        Assert.Equal(["k0"], keys);
        Assert.True(end.IsLossy);
    }

    [Fact]
    public void Dropped_files_are_gone_and_the_others_are_read()
    {
        NumberedFiles files = new(_folder, IndexLog.FilePrefix);
        using IndexLog log = new(files, new LogReader(files).Run((_, _) => { }), 1);
        Append(log, 0, 3, 8);
        Assert.True(log.HasOlder);
        log.DropBefore(log.Newest);
        Assert.False(log.HasOlder);
        Assert.Equal(["k2"], Read().Keys);
        log.DropAll();
        Assert.Empty(Files());
    }

    [Fact]
    public void Overlaid_cursor_shows_an_index_with_the_changes_in_it()
    {
        List<IndexChange> changes = [Put("b", "2"), Put("c", "new"), Removal("d"), Removal("e"), Put("z", "9")];
        using OverlaidCursor cursor = new(
            new ListCursor(["a", "c", "d", "f"]), changes, IndexFamily.Heads, "a"u8.ToArray(), "y"u8.ToArray());
        Assert.Equal("a=old b=2 c=new f=old", Walk(cursor));
        Assert.True(cursor.Seek("bb"u8));
        Assert.Equal("new", Text(cursor.Value));
        Assert.True(cursor.Seek("d"u8));
        Assert.Equal("f", Text(cursor.Key));
        Assert.False(cursor.MoveNext());
    }

    private static IndexChange Put(string key, string value) => new(IndexFamily.Heads, Bytes(key), Bytes(value), false);

    private static IndexChange Removal(string key) => new(IndexFamily.Heads, Bytes(key), default, true);

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    private static string Walk(OverlaidCursor cursor)
    {
        List<string> rows = [];
        while (cursor.MoveNext())
        {
            rows.Add(Text(cursor.Key) + "=" + Text(cursor.Value));
        }

        return string.Join(' ', rows);
    }

    private static int LastRecordOf(byte[] log) => log.AsSpan().LastIndexOf(LogRecord.Magic);

    private string[] Files() => [.. Directory.GetFiles(_folder).Order(StringComparer.Ordinal)];

    private void Zero(int record)
    {
        byte[] bytes = File.ReadAllBytes(Files()[0]);
        int start = record == 0 ? 0 : LastRecordOf(bytes);
        int sector = (start / 512 + 2) * 512;
        bytes.AsSpan(sector, 512).Clear();
        File.WriteAllBytes(Files()[0], bytes);
    }

    private void Append(int first, int count, long fileBytes, int valueBytes = 8)
    {
        NumberedFiles files = new(_folder, IndexLog.FilePrefix);
        using IndexLog log = new(files, new LogReader(files).Run((_, _) => { }), fileBytes);
        Append(log, first, count, valueBytes);
    }

    private static void Append(IndexLog log, int first, int count, int valueBytes)
    {
        for (int i = first; i < first + count; i++)
        {
            IndexBatch batch = new();
            byte[] value = new byte[valueBytes];
            Array.Fill(value, (byte)7);
            batch.Put(IndexFamily.Heads, Bytes("k" + i), value);
            byte[] record = new byte[LogRecord.SizeOf(batch)];
            LogRecord.Encode(batch, log.NextSequence, record);
            log.Append(record);
        }
    }

    private (List<string> Keys, LogEnd End) Read()
    {
        List<string> keys = [];
        LogEnd end = new LogReader(new NumberedFiles(_folder, IndexLog.FilePrefix)).Run((record, size) => keys.AddRange(
            LogRecord.Decode(record.AsMemory(LogRecord.HeaderSize..size)).Select(change => Text(change.Key.Span))));
        return (keys, end);
    }

    private sealed class ListCursor(string[] keys) : IIndexCursor
    {
        private int _position = -1;

        public ReadOnlySpan<byte> Key => Bytes(keys[_position]);

        public ReadOnlySpan<byte> Value => "old"u8;

        public bool MoveNext() => ++_position < keys.Length;

        public bool Seek(ReadOnlySpan<byte> key)
        {
            string wanted = Text(key);
            _position = Array.FindIndex(keys, candidate => string.CompareOrdinal(candidate, wanted) >= 0);
            return _position >= 0;
        }

        public void Dispose()
        {
        }
    }
}
