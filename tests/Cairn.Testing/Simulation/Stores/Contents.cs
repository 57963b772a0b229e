using System.Globalization;
using System.Security.Cryptography;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>All bytes that were ever offered to the store, to recognise them when they come back.</summary>
internal sealed class Contents
{
    /// <summary>Fewer bytes would not tell all writes apart.</summary>
    public const int SmallestSize = 8;

    private readonly List<Content> _all = [];
    private readonly Dictionary<string, Content> _byETag = [];

    public Content this[int id] => _all[id - 1];

    /// <summary>New bytes, different from all others unless there are none.</summary>
    public Content Create(int size)
    {
        if (size == 0 && Find(Hex(Md5([]))) is { } empty)
        {
            return empty;
        }

        byte[] bytes = new byte[size];
        new SimRandom((ulong)_all.Count + 1).Fill(bytes);
        return Add(bytes, Hex(Md5(bytes)));
    }

    /// <summary>What a multipart upload of these parts makes.</summary>
    public Content Join(IReadOnlyList<Content> parts)
    {
        byte[] digests = [.. parts.SelectMany(p => Md5(p.Bytes))];
        string etag = string.Create(CultureInfo.InvariantCulture, $"{Hex(Md5(digests))}-{parts.Count}");
        return _byETag.TryGetValue(etag, out Content? known)
            ? known
            : Add([.. parts.SelectMany(p => p.Bytes)], etag);
    }

    /// <summary>What a copy of this content that moves the bytes makes: parts become one body.</summary>
    public Content Flatten(Content content)
    {
        string etag = Hex(Md5(content.Bytes));
        return _byETag.TryGetValue(etag, out Content? known) ? known : Add(content.Bytes, etag);
    }

    /// <summary>The bytes behind an ETag; null when nobody wrote them.</summary>
    public Content? Find(string etag) => _byETag.GetValueOrDefault(etag);

#pragma warning disable CA5351 // S3 defines the ETag as an MD5.
    private static byte[] Md5(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351

    private static string Hex(byte[] digest) => Convert.ToHexStringLower(digest);

    private Content Add(byte[] bytes, string etag)
    {
        var content = new Content(_all.Count + 1, bytes, etag);
        _all.Add(content);
        _byETag.Add(etag, content);
        return content;
    }
}
