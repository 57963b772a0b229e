using Cairn.Benchmarks.Measurement;
using Cairn.Primitives.Checksums;

namespace Cairn.Benchmarks.Checksums;

/// <summary>The CRCs and xxHashes of S3 on a chunk of 64 KiB and on a small object.</summary>
internal static class CrcQuick
{
    private const double Bar = 10.0;

    public static void AddTo(QuickTable table)
    {
        foreach (var size in new[] { 4096, 64 * 1024 })
        {
            double? bar = size > 4096 ? Bar : null;
            var source = new byte[size];
            new Random(1).NextBytes(source);
            table.Measure($"CRC32 {size} {Crc32.Algorithm.KernelName}", size, () => Crc32.Compute(source), null, bar);
            table.Measure($"CRC32C {size} {Crc32C.Algorithm.KernelName}", size, () => Crc32C.Compute(source), null, bar);
            table.Measure($"CRC64NVME {size} {Crc64Nvme.Algorithm.KernelName}", size, () => Crc64Nvme.Compute(source), null, bar);
            table.Measure($"XXHASH64 {size}", size, () => XxHash64.Compute(source), null, null);
            table.Measure($"XXHASH3 {size}", size, () => XxHash3.Compute(source), null, null);
            table.Measure($"XXHASH128 {size}", size, () => XxHash128.Compute(source), null, null);
        }
    }
}
