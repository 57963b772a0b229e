using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cairn.Primitives.Erasure;

/// <summary>Which shards are read, which are computed, and the kernel's tables for the coefficients between them.</summary>
/// <remarks>
/// Invariants: immutable after construction, so it is shared between threads without a lock. The tables live in the
/// pinned object heap: kernels take their address without pinning on the hot path.
/// </remarks>
internal sealed unsafe class CodingPlan
{
    private readonly byte[] _tables;

    public CodingPlan(ShardKernel kernel, int[] sources, int[] targets, ReadOnlySpan<byte> coefficients)
    {
        Kernel = kernel;
        Sources = sources;
        Targets = targets;
        _tables = GC.AllocateUninitializedArray<byte>(coefficients.Length * kernel.TableSize, pinned: true);
        for (var index = 0; index < coefficients.Length; index++)
        {
            kernel.WriteTable(coefficients[index], _tables.AsSpan(index * kernel.TableSize, kernel.TableSize));
        }
    }

    public ShardKernel Kernel { get; }

    public int[] Sources { get; }

    public int[] Targets { get; }

    /// <summary>Row-major: the tables of the first target for all sources, then those of the next target.</summary>
    public byte* Tables => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_tables));

    public void Run(byte** sources, byte** targets, nint length) => Kernel.Run(this, sources, targets, length);
}
