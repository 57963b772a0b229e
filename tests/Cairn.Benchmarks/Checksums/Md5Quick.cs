using Cairn.Benchmarks.Measurement;
using Cairn.Primitives.Checksums.Lanes;

namespace Cairn.Benchmarks.Checksums;

/// <summary>One MD5 stream and sixteen, against the platform's one stream.</summary>
internal static class Md5Quick
{
    // The platform's speed: both are bound by the same chain of steps, so they are equal up to noise.
    private const double SingleBar = 0.95;
    private const double LanesBar = 4.0;

    public static void AddTo(QuickTable table)
    {
        const int PieceSize = 64 * 1024;
        const long AllBytes = (long)PieceSize * Md5Streams.StreamCount;
        var streams = new Md5Streams(PieceSize);
        var platform = ("platform, 1 stream", (long)PieceSize, (Action)streams.AppendOneByPlatform);
        table.Measure("MD5 1 stream 64K", PieceSize, streams.AppendOne, platform, SingleBar);
        table.Measure($"MD5 16 streams 64K {Md5Kernel.Widest.Name}", AllBytes, streams.AppendAll, platform, LanesBar);
        var small = new Md5Streams(4096);
        table.Measure($"MD5 16 messages 4K {Md5Kernel.Widest.Name}", AllBytes / 16, small.HashAll, platform, LanesBar);
        AddUploads(table, platform, 16, PieceSize);
        AddUploads(table, platform, 64, 4096);
    }

    private static void AddUploads(QuickTable table, (string, long, Action) platform, int count, int pieceSize)
    {
        var uploads = new Md5Uploads(count, pieceSize, pieceCount: 64);
        table.Measure($"MD5 {count} uploads {pieceSize / 1024}K combined", uploads.Bytes, uploads.Run, platform,
            count == 16 ? LanesBar : null, usesThreads: true);
    }
}
