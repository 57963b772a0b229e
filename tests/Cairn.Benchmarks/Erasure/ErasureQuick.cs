using Cairn.Benchmarks.Measurement;
using Cairn.Primitives.Erasure;

namespace Cairn.Benchmarks.Erasure;

/// <summary>Encode and decode against ISA-L; rates count data bytes.</summary>
internal static class ErasureQuick
{
    private const int ShardSize = 64 * 1024;
    private const double Bar = 1.0;

    public static void AddTo(QuickTable table)
    {
        var kernel = ShardKernel.Fastest.Name;
        foreach (var (k, m) in new[] { (2, 2), (4, 4), (8, 8), (12, 4) })
        {
            var stripe = new ErasureCase(k, m, ShardSize);
            var bytes = stripe.DataBytes;
            table.Measure($"erasure encode {k}+{m} 64K {kernel}", bytes, stripe.Encode,
                IsaL.IsAvailable ? ("ISA-L ec_encode_data", bytes, stripe.EncodeByIsaL) : null, Bar);
            table.Measure($"erasure decode {k}+{m} 64K {kernel}", bytes, stripe.Decode,
                IsaL.IsAvailable ? ("ISA-L ec_encode_data", bytes, stripe.DecodeByIsaL) : null, Bar);
        }

        // A small object of 4 KiB on four drives: what pinning and dispatch cost.
        var small = new ErasureCase(2, 2, 2048);
        table.Measure("erasure encode 2+2 2K contiguous", small.DataBytes, small.Encode,
            IsaL.IsAvailable ? ("ISA-L ec_encode_data", small.DataBytes, small.EncodeByIsaL) : null, null);
        table.Measure("erasure encode 2+2 2K separate", small.DataBytes, small.EncodeSeparate,
            IsaL.IsAvailable ? ("ISA-L ec_encode_data", small.DataBytes, small.EncodeByIsaL) : null, null);
    }
}
