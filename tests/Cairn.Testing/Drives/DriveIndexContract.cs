using Cairn.Drives.Index;

namespace Cairn.Testing.Drives;

/// <summary>What every IDriveIndex does. Failures of the device are the matter of each implementation's own tests.</summary>
internal static class DriveIndexContract
{
    private static readonly IndexFamily[] Families = Enum.GetValues<IndexFamily>();

    public static async Task Value_is_there_after_the_write_and_after_a_reopening(IndexFixture fixture)
    {
        Expect.Equal(null, await fixture.GetAsync(IndexFamily.Heads, "a"));
        await fixture.PutAsync(IndexFamily.Heads, "a", "b");
        Expect.Equal("value of a", await fixture.GetAsync(IndexFamily.Heads, "a"));
        await fixture.ReopenAsync();
        Expect.Equal("value of b", await fixture.GetAsync(IndexFamily.Heads, "b"));
    }

    public static async Task Values_that_are_read_together_are_those_that_are_read_alone(IndexFixture fixture)
    {
        List<ReadOnlyMemory<byte>> keys = [];
        for (int i = 0; i < 200; i++)
        {
            keys.Add(IndexFixture.Key("k" + i));
            IndexBatch batch = new();
            if (i % 3 != 0)
            {
                byte[] value = new byte[i % 2 == 0 ? i : 2000 + i];
                value.AsSpan().Fill((byte)i);
                batch.Put(IndexFamily.Shards, keys[^1], value);
            }

            batch.Put(IndexFamily.Heads, keys[^1], IndexFixture.Key("head"));
            await fixture.Index.WriteAsync(batch);
            if (i == 120)
            {
                await fixture.ReopenAsync();
            }
        }

        byte[]?[] together = await fixture.Index.GetManyAsync(IndexFamily.Shards, keys);
        Expect.Equal(keys.Count, together.Length);
        for (int i = 0; i < keys.Count; i++)
        {
            byte[]? alone = await fixture.Index.GetAsync(IndexFamily.Shards, keys[i]);
            Expect.That(alone is null ? together[i] is null : alone.AsSpan().SequenceEqual(together[i]));
            Expect.Equal(i % 3 == 0, alone is null);
        }
    }

    public static async Task Families_are_apart(IndexFixture fixture)
    {
        foreach (IndexFamily family in Families)
        {
            await fixture.PutAsync(family, "k" + family);
        }

        await fixture.ReopenAsync();
        foreach (IndexFamily family in Families)
        {
            Expect.Equal("k" + family, fixture.Walk(family, "", "z"));
        }
    }

    public static async Task Changes_of_a_batch_apply_in_order(IndexFixture fixture)
    {
        await fixture.PutAsync(IndexFamily.Heads, "a");
        IndexBatch batch = new();
        batch.Delete(IndexFamily.Heads, IndexFixture.Key("a"));
        batch.Put(IndexFamily.Heads, IndexFixture.Key("b"), IndexFixture.Key("1"));
        batch.Put(IndexFamily.Heads, IndexFixture.Key("b"), IndexFixture.Key("2"));
        batch.Put(IndexFamily.Heads, IndexFixture.Key("c"), IndexFixture.Key("1"));
        batch.Delete(IndexFamily.Heads, IndexFixture.Key("c"));
        batch.Delete(IndexFamily.Heads, IndexFixture.Key("never there"));
        await fixture.Index.WriteAsync(batch);
        Expect.Equal(null, await fixture.GetAsync(IndexFamily.Heads, "a"));
        Expect.Equal("2", await fixture.GetAsync(IndexFamily.Heads, "b"));
        Expect.Equal(null, await fixture.GetAsync(IndexFamily.Heads, "c"));
    }

    public static async Task Batch_can_be_reused(IndexFixture fixture)
    {
        IndexBatch batch = new();
        byte[] value = IndexFixture.Key("value of a");
        batch.Put(IndexFamily.Heads, IndexFixture.Key("a"), value);
        await fixture.Index.WriteAsync(batch);
        batch.Clear();
        Array.Clear(value);
        batch.Put(IndexFamily.Heads, IndexFixture.Key("b"), IndexFixture.Key("value of b"));
        await fixture.Index.WriteAsync(batch);
        Expect.Equal("a,b", fixture.Walk(IndexFamily.Heads, "", "z"));
    }

    public static async Task Values_of_any_size_come_back(IndexFixture fixture)
    {
        foreach (IndexFamily family in (IndexFamily[])[IndexFamily.Heads, IndexFamily.Shards])
        {
            foreach (int size in (int[])[0, 1, 127, 128, 1023, 1024, 16_384, 300_000, 3_000_000])
            {
                byte[] value = DriveFixture.Bytes(size);
                IndexBatch batch = new();
                batch.Put(family, IndexFixture.Key("k" + size), value);
                await fixture.Index.WriteAsync(batch);
                byte[]? read = await fixture.Index.GetAsync(family, IndexFixture.Key("k" + size));
                Expect.Bytes(value, read);
            }
        }
    }

    public static async Task Cursor_walks_in_byte_order_between_its_bounds(IndexFixture fixture)
    {
        await fixture.PutAsync(IndexFamily.Versions, "b", "a", "\u00e4", "aa", "a\0", "c");
        Expect.Equal("a,a\0,aa,b,c,\u00e4", fixture.Walk(IndexFamily.Versions, "", "\u00ff"));
        Expect.Equal("a\0,aa,b", fixture.Walk(IndexFamily.Versions, "a\0", "c"));
        Expect.Equal("", fixture.Walk(IndexFamily.Versions, "d", "e"));
        Expect.Equal("", fixture.Walk(IndexFamily.Versions, "b", "b"));
    }

    public static async Task Cursor_seeks_forward_and_back_within_its_bounds(IndexFixture fixture)
    {
        await fixture.PutAsync(IndexFamily.Heads, "a", "b", "c", "d", "e");
        using IIndexCursor cursor = fixture.Index.OpenCursor(
            IndexFamily.Heads, IndexFixture.Key("b"), IndexFixture.Key("e"));
        Expect.That(cursor.Seek(IndexFixture.Key("c")) && KeyOf(cursor) == "c");
        Expect.That(cursor.MoveNext() && KeyOf(cursor) == "d");
        Expect.That(cursor.Seek(IndexFixture.Key("a")) && KeyOf(cursor) == "b");
        Expect.That(cursor.Seek(IndexFixture.Key("bb")) && KeyOf(cursor) == "c");
        Expect.That(!cursor.Seek(IndexFixture.Key("dd")));
        Expect.That(cursor.Seek(IndexFixture.Key("d")) && !cursor.MoveNext());
    }

    public static async Task Cursor_keeps_its_view(IndexFixture fixture)
    {
        await fixture.PutAsync(IndexFamily.Heads, "a", "c");
        using IIndexCursor cursor = fixture.Index.OpenCursor(IndexFamily.Heads, default, IndexFixture.Key("z"));
        await fixture.PutAsync(IndexFamily.Heads, "b");
        IndexBatch batch = new();
        batch.Delete(IndexFamily.Heads, IndexFixture.Key("c"));
        await fixture.Index.WriteAsync(batch);
        Expect.Equal("a,c", IndexFixture.Walk(cursor));
        Expect.Equal("a,b", fixture.Walk(IndexFamily.Heads, "", "z"));
    }

    public static async Task Two_cursors_share_one_view(IndexFixture fixture)
    {
        await fixture.PutAsync(IndexFamily.Heads, "a");
        await fixture.PutAsync(IndexFamily.Versions, "b");
        byte[] upper = IndexFixture.Key("z");
        (IIndexCursor first, IIndexCursor second) = fixture.Index.OpenCursors(
            new IndexRange(IndexFamily.Heads, default, upper), new IndexRange(IndexFamily.Versions, default, upper));
        using (first)
        using (second)
        {
            await fixture.PutAsync(IndexFamily.Versions, "c");
            Expect.Equal("a", IndexFixture.Walk(first));
            Expect.Equal("b", IndexFixture.Walk(second));
        }
    }

    public static async Task Scan_runs_its_work_and_passes_its_exception_on(IndexFixture fixture)
    {
        bool hasRun = false;
        await fixture.Index.ScanAsync(() => hasRun = true);
        Expect.That(hasRun);
        bool hasThrown = false;
        try
        {
            await fixture.Index.ScanAsync(() => throw new InvalidOperationException());
        }
        catch (InvalidOperationException)
        {
            hasThrown = true;
        }

        Expect.That(hasThrown);
    }

    public static async Task Many_batches_and_readers_at_once(IndexFixture fixture)
    {
        async Task ReadAsync()
        {
            for (int i = 0; i < 100; i++)
            {
                string? value = await fixture.GetAsync(IndexFamily.Heads, "k50");
                Expect.That(value is null or "value of k50");
                string walked = fixture.Walk(IndexFamily.Heads, "", "z");
                Expect.That(walked.Length == 0 || walked.StartsWith("k0", StringComparison.Ordinal));
            }
        }

        Task[] readers = [ReadAsync(), ReadAsync()];
        for (int i = 0; i < 100; i++)
        {
            await fixture.PutAsync(IndexFamily.Heads, "k" + i);
        }

        await Task.WhenAll(readers);
    }

    private static string KeyOf(IIndexCursor cursor) => System.Text.Encoding.UTF8.GetString(cursor.Key);
}
