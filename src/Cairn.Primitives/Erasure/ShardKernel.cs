using System.Runtime.Intrinsics;

namespace Cairn.Primitives.Erasure;

/// <summary>One way of multiplying a matrix of field elements with shards.</summary>
internal abstract unsafe class ShardKernel
{
    /// <summary>Every kernel this processor can run, the fastest first; the last one runs everywhere.</summary>
    public static IReadOnlyList<ShardKernel> Supported { get; } = FindSupported();

    /// <summary>The kernel that production uses.</summary>
    public static ShardKernel Fastest => Supported[0];

    /// <summary>The instruction set, as an operator would look for it in the processor's flags.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes of table per coefficient.</summary>
    public abstract int TableSize { get; }

    public abstract void WriteTable(byte coefficient, Span<byte> table);

    /// <summary>
    /// Overwrites <paramref name="length"/> bytes of each target. Sources and targets may have any alignment; a target
    /// must not overlap a source or another target.
    /// </summary>
    public abstract void Run(CodingPlan plan, byte** sources, byte** targets, nint length);

    private static List<ShardKernel> FindSupported()
    {
        var kernels = new List<ShardKernel>();
        if (Gfni512Ops.IsSupported)
        {
            kernels.Add(new VectorShardKernel<Gfni512Ops, Vector512<byte>, Vector512<byte>, Vector512<byte>>());
        }

        if (Gfni256Ops.IsSupported)
        {
            kernels.Add(new VectorShardKernel<Gfni256Ops, Vector256<byte>, Vector256<byte>, Vector256<byte>>());
        }

        if (Avx2Ops.IsSupported)
        {
            kernels.Add(new VectorShardKernel<Avx2Ops, Vector256<byte>, NibblePair<Vector256<byte>>,
                NibblePair<Vector256<byte>>>());
        }

        if (AdvSimdOps.IsSupported)
        {
            kernels.Add(new VectorShardKernel<AdvSimdOps, Vector128<byte>, NibblePair<Vector128<byte>>,
                NibblePair<Vector128<byte>>>());
        }

        kernels.Add(new VectorShardKernel<ScalarOps, byte, NibblePair<byte>, nint>());
        return kernels;
    }
}
