using System.Security.Cryptography;
using Cairn.Primitives.Checksums;

namespace Cairn.Benchmarks.Checksums;

/// <summary>The same pieces for one stream, for sixteen in lanes, and for the platform's MD5.</summary>
internal sealed class Md5Streams
{
    public const int StreamCount = 16;

    private readonly Md5[] _messages = [.. Enumerable.Range(0, StreamCount).Select(_ => new Md5())];
    private readonly ReadOnlyMemory<byte>[] _pieces;
    private readonly byte[] _digests = new byte[StreamCount * Md5.DigestSize];

    // The reference; nothing here depends on MD5 being secure.
#pragma warning disable CA5351
    private readonly IncrementalHash _platform = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351

    public Md5Streams(int pieceSize)
    {
        _pieces = [.. Enumerable.Range(0, StreamCount).Select(seed =>
        {
            var piece = new byte[pieceSize];
            new Random(seed).NextBytes(piece);
            return (ReadOnlyMemory<byte>)piece;
        })];
    }

    public void AppendOne() => _messages[0].Append(_pieces[0].Span);

    public void AppendOneByPlatform() => _platform.AppendData(_pieces[0].Span);

    public void AppendAll() => Md5Lanes.Append(_messages, _pieces);

    public void HashAll() => Md5Lanes.HashMany(_pieces, _digests);
}
