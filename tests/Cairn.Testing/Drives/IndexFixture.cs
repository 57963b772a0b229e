using Cairn.Drives.Index;

namespace Cairn.Testing.Drives;

/// <summary>An index under test.</summary>
internal abstract class IndexFixture : IAsyncDisposable
{
    public abstract IDriveIndex Index { get; protected set; }

    public abstract Task ReopenAsync();

    public abstract ValueTask DisposeAsync();

    public static byte[] Key(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    public async Task PutAsync(IndexFamily family, params string[] keys)
    {
        IndexBatch batch = new();
        foreach (string key in keys)
        {
            batch.Put(family, Key(key), Key("value of " + key));
        }

        await Index.WriteAsync(batch);
    }

    public async Task<string?> GetAsync(IndexFamily family, string key) =>
        await Index.GetAsync(family, Key(key)) is { } value ? System.Text.Encoding.UTF8.GetString(value) : null;

    public string Walk(IndexFamily family, string lower, string upper)
    {
        using IIndexCursor cursor = Index.OpenCursor(family, Key(lower), Key(upper));
        return Walk(cursor);
    }

    public static string Walk(IIndexCursor cursor)
    {
        List<string> keys = [];
        while (cursor.MoveNext())
        {
            keys.Add(System.Text.Encoding.UTF8.GetString(cursor.Key));
            Expect.That(System.Text.Encoding.UTF8.GetString(cursor.Value) == "value of " + keys[^1]);
        }

        return string.Join(',', keys);
    }
}
