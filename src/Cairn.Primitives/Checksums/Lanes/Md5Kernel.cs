using System.Runtime.Intrinsics;

namespace Cairn.Primitives.Checksums.Lanes;

/// <summary>MD5's compression function on one or several messages in lock step.</summary>
internal abstract unsafe class Md5Kernel
{
    /// <summary>The widest of all kernels, for the size of stack buffers.</summary>
    public const int MaxLanes = 16;

    /// <summary>Every kernel this processor can run, the widest first; the last one has a single lane.</summary>
    public static IReadOnlyList<Md5Kernel> Supported { get; } = FindSupported();

    public static Md5Kernel Widest => Supported[0];

    public static Md5Kernel Single => Supported[^1];

    public abstract string Name { get; }

    public abstract int LaneCount { get; }

    /// <summary>Advances every lane by <paramref name="blockCount"/> blocks and its pointer with it.</summary>
    /// <param name="states">Structure of arrays: A of all lanes, then B, C and D.</param>
    /// <param name="blocks">One pointer per lane; several may be equal.</param>
    /// <param name="blockCount">Blocks of 64 bytes that every lane has left.</param>
    public abstract void Run(uint* states, byte** blocks, nint blockCount);

    private static List<Md5Kernel> FindSupported()
    {
        var kernels = new List<Md5Kernel>();
        if (Md5Avx512Ops.IsSupported)
        {
            kernels.Add(new VectorMd5Kernel<Md5Avx512Ops, Vector512<uint>>());
        }

        if (Md5Avx2Ops.IsSupported)
        {
            kernels.Add(new VectorMd5Kernel<Md5Avx2Ops, Vector256<uint>>());
        }

        if (Md5AdvSimdOps.IsSupported)
        {
            kernels.Add(new VectorMd5Kernel<Md5AdvSimdOps, Vector128<uint>>());
        }

        kernels.Add(new VectorMd5Kernel<Md5ScalarOps, uint>());
        return kernels;
    }
}
