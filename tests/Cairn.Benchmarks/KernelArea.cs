using BenchmarkDotNet.Running;
using Cairn.Benchmarks.Checksums;
using Cairn.Benchmarks.Erasure;
using Cairn.Benchmarks.Measurement;

namespace Cairn.Benchmarks;

/// <summary>Erasure coding, checksums and MD5: <c>kernels</c> for BenchmarkDotNet, <c>kernels --quick</c> for one table
/// in under a minute.</summary>
internal static class KernelArea
{
    public static int Run(string[] args)
    {
        if (!args.Contains("--quick"))
        {
            BenchmarkSwitcher
                .FromTypes([typeof(ErasureBenchmarks), typeof(CrcBenchmarks), typeof(Md5Benchmarks)])
                .Run(args.Length > 0 ? args : ["--filter", "*"]);
            return 0;
        }

        var table = new QuickTable(args.FirstOrDefault(arg => !arg.StartsWith('-')) ?? "");
        ErasureQuick.AddTo(table);
        CrcQuick.AddTo(table);
        Md5Quick.AddTo(table);
        return table.Finish();
    }
}
