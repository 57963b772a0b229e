using BenchmarkDotNet.Attributes;

namespace Cairn.Benchmarks.Erasure;

/// <summary>Encode and decode against ISA-L, one stripe of 64 KiB shards.</summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByCategory)]
public class ErasureBenchmarks
{
    private ErasureCase _stripe = null!;

    [Params("2+2", "4+4", "8+8", "12+4")]
    public string Code { get; set; } = "";

    [GlobalSetup]
    public void PutStripe()
    {
        var shards = Code.Split('+').Select(int.Parse).ToArray();
        _stripe = new ErasureCase(shards[0], shards[1], 64 * 1024);
    }

    [Benchmark]
    [BenchmarkCategory("encode")]
    public void Encode() => _stripe.Encode();

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("encode")]
    public void EncodeByIsaL() => _stripe.EncodeByIsaL();

    [Benchmark]
    [BenchmarkCategory("decode")]
    public void Decode() => _stripe.Decode();

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("decode")]
    public void DecodeByIsaL() => _stripe.DecodeByIsaL();
}
