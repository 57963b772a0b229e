using Cairn.Primitives;
using Cairn.Primitives.Checksums;
using Cairn.Primitives.Checksums.Folding;
using Cairn.Primitives.Checksums.Lanes;
using Cairn.Primitives.Erasure;
using Xunit;

namespace Cairn.UnitTests.Primitives;

// Method: the check passes with the real kernels and refuses one that gets a single bit wrong.
public sealed unsafe class KernelSelfCheckTests
{
    [Fact]
    public void The_kernels_of_this_processor_pass_and_are_named()
    {
        var names = KernelSelfCheck.Run();
        Assert.Contains($"erasure {ShardKernel.Fastest.Name};", names, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_supported_kernel_passes()
    {
        Assert.All(ShardKernel.Supported, ErasureSelfCheck.Run);
        Assert.All(Md5Kernel.Supported, Md5SelfCheck.Run);
        Assert.All(CrcFolding.Supported, folding =>
            ChecksumSelfCheck.Run(new CrcAlgorithm(64, Crc64Nvme.ReflectedPolynomial, folding, null)));
    }

    [Fact]
    public void An_erasure_kernel_with_one_wrong_bit_is_refused_with_a_sentence()
    {
        var failure = Assert.Throws<PlatformNotSupportedException>(() => ErasureSelfCheck.Run(new FaultyShardKernel()));
        Assert.Contains("the erasure coding kernel 'faulty' computes wrong results", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_CRC_kernel_with_one_wrong_bit_is_refused()
    {
        var algorithm = new CrcAlgorithm(32, Crc32.ReflectedPolynomial, new FaultyFolding(), null);
        Assert.Throws<PlatformNotSupportedException>(() => ChecksumSelfCheck.Run(algorithm));
    }

    [Fact]
    public void An_MD5_kernel_with_one_wrong_bit_is_refused() =>
        Assert.Throws<PlatformNotSupportedException>(() => Md5SelfCheck.Run(new FaultyMd5Kernel()));

    private sealed class FaultyShardKernel : ShardKernel
    {
        public override string Name => "faulty";

        public override int TableSize => Fastest.TableSize;

        public override void WriteTable(byte coefficient, Span<byte> table) => Fastest.WriteTable(coefficient, table);

        public override void Run(CodingPlan plan, byte** sources, byte** targets, nint length)
        {
            Fastest.Run(plan, sources, targets, length);
            targets[plan.Targets.Length - 1][length - 1] ^= (byte)(plan.Targets.Length == 7 ? 1 : 0);
        }
    }

    private sealed class FaultyFolding : CrcFolding
    {
        public override string Name => "faulty";

        public override int Fold(CrcFoldingFactors factors, ulong state, ReadOnlySpan<byte> source, Span<byte> residue)
        {
            var algorithm = new CrcAlgorithm(32, Crc32.ReflectedPolynomial, null, null);
            residue.Clear();
            residue[^1] = (byte)(algorithm.Update(state, source) & 1);
            return source.Length;
        }
    }

    private sealed class FaultyMd5Kernel : Md5Kernel
    {
        public override string Name => "faulty";

        public override int LaneCount => 2;

        public override void Run(uint* states, byte** blocks, nint blockCount)
        {
            for (var lane = 0; lane < LaneCount; lane++)
            {
                var state = new Md5State { A = states[lane], B = states[lane + 2], C = states[lane + 4], D = states[lane + 6] };
                state.Advance(new ReadOnlySpan<byte>(blocks[lane], (int)blockCount * Md5State.BlockSize));
                blocks[lane] += blockCount * Md5State.BlockSize;
                (states[lane], states[lane + 2], states[lane + 4], states[lane + 6]) =
                    (state.A, state.B, state.C, state.D ^ (uint)(lane == 1 ? 1 : 0));
            }
        }
    }
}
