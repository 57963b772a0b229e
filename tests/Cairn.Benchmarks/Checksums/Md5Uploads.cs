using Cairn.Primitives.Checksums;

namespace Cairn.Benchmarks.Checksums;

/// <summary>Concurrent uploads that hash piece by piece through one combiner, on the thread pool.</summary>
internal sealed class Md5Uploads(int uploadCount, int pieceSize, int pieceCount)
{
    private readonly Md5Combiner _combiner = new();
    private readonly byte[] _piece = new byte[pieceSize];

    public long Bytes => (long)uploadCount * pieceSize * pieceCount;

    public void Run() =>
        Task.WhenAll(Enumerable.Range(0, uploadCount).Select(_ => Task.Run(UploadAsync))).GetAwaiter().GetResult();

    private async Task UploadAsync()
    {
        using var stream = _combiner.OpenStream();
        for (var piece = 0; piece < pieceCount; piece++)
        {
            await stream.AppendAsync(_piece);
        }

        Span<byte> digest = stackalloc byte[Md5.DigestSize];
        stream.WriteDigest(digest);
    }
}
