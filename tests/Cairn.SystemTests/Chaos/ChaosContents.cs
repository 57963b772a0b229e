using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Chaos;

/// <summary>Contents that were ever offered to the cluster, by number and by ETag, to recognise them when they come back.</summary>
internal sealed class ChaosContents
{
    private readonly ConcurrentDictionary<string, ChaosContent> _byETag = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, string> _etags = new();
    private int _last;

    /// <summary>New bytes, different from all others.</summary>
    /// <param name="bytes">By part, the caller's to keep.</param>
    /// <param name="sizes">Of its parts; one of a plain put.</param>
    public ChaosContent Create(out byte[][] bytes, params IReadOnlyList<int> sizes)
    {
        int id = Interlocked.Increment(ref _last);
        bytes = [.. sizes.Select((size, part) => Payload.Create((id * 16) + part, size))];
        string etag = bytes.Length == 1 ? Hex(bytes[0]) : ETagOf(bytes);
        byte[] whole = bytes.Length == 1 ? bytes[0] : [.. bytes.SelectMany(part => part)];
        var content = new ChaosContent(id, etag, Payload.Hash(whole), whole.Length);
        _byETag[etag] = content;
        _etags[id] = etag;
        return content;
    }

    public string ETagOf(int id) => _etags[id];

    /// <summary>In bytes.</summary>
    public int SizeOf(int id) => _byETag[_etags[id]].Size;

    /// <summary>Null when nobody wrote bytes with this ETag.</summary>
    public ChaosContent? Find(string etag) => _byETag.GetValueOrDefault(etag.Trim('"'));

#pragma warning disable CA5351 // S3 defines the ETag as an MD5.
    private static string ETagOf(byte[][] parts) => string.Create(
        CultureInfo.InvariantCulture, $"{Hex([.. parts.SelectMany(part => MD5.HashData(part))])}-{parts.Length}");

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
}
