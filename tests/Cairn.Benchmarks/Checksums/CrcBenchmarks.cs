using BenchmarkDotNet.Attributes;
using Cairn.Primitives.Checksums;

namespace Cairn.Benchmarks.Checksums;

/// <summary>The CRCs of S3 by message size.</summary>
[MemoryDiagnoser]
public class CrcBenchmarks
{
    private byte[] _source = [];

    [Params(64, 4096, 65536)]
    public int SizeBytes { get; set; }

    [GlobalSetup]
    public void PutSource()
    {
        _source = new byte[SizeBytes];
        new Random(1).NextBytes(_source);
    }

    [Benchmark]
    public uint Crc32OfIeee() => Crc32.Compute(_source);

    [Benchmark]
    public uint Crc32OfCastagnoli() => Crc32C.Compute(_source);

    [Benchmark]
    public ulong Crc64OfNvme() => Crc64Nvme.Compute(_source);
}
