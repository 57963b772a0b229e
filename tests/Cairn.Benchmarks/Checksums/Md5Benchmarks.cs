using BenchmarkDotNet.Attributes;

namespace Cairn.Benchmarks.Checksums;

/// <summary>MD5 of one and of sixteen streams; the time of sixteen is for sixteen times the bytes.</summary>
[MemoryDiagnoser]
public class Md5Benchmarks
{
    private Md5Streams _streams = null!;

    [Params(4096, 65536)]
    public int PieceBytes { get; set; }

    [GlobalSetup]
    public void PutStreams() => _streams = new Md5Streams(PieceBytes);

    [Benchmark(Baseline = true)]
    public void OneStreamByPlatform() => _streams.AppendOneByPlatform();

    [Benchmark]
    public void OneStream() => _streams.AppendOne();

    [Benchmark(OperationsPerInvoke = Md5Streams.StreamCount)]
    public void OneOfSixteenStreams() => _streams.AppendAll();
}
