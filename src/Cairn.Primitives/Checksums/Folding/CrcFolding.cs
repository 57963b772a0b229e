using System.Runtime.Intrinsics;

namespace Cairn.Primitives.Checksums.Folding;

/// <summary>Shrinks a message to 16 bytes with the same CRC by carry-less multiplication.</summary>
internal abstract class CrcFolding
{
    /// <summary>Bytes that are left of a message, to be hashed from state zero.</summary>
    public const int ResidueSize = 16;

    /// <summary>Shorter messages gain nothing from folding.</summary>
    public const int ShortestSource = 64;

    /// <summary>Every kernel this processor can run, the fastest first; may be empty.</summary>
    public static IReadOnlyList<CrcFolding> Supported { get; } = FindSupported();

    /// <summary>The kernel that production uses; null where there is no carry-less multiplication.</summary>
    public static CrcFolding? Fastest => Supported.Count > 0 ? Supported[0] : null;

    public abstract string Name { get; }

    /// <summary>Folds <paramref name="state"/> and all whole 16-byte blocks of <paramref name="source"/> (at least
    /// <see cref="ShortestSource"/> bytes) into <paramref name="residue"/>; returns the number of bytes taken.</summary>
    public abstract int Fold(CrcFoldingFactors factors, ulong state, ReadOnlySpan<byte> source, Span<byte> residue);

    private static List<CrcFolding> FindSupported()
    {
        var kernels = new List<CrcFolding>();
        if (Pclmul512Ops.IsSupported)
        {
            kernels.Add(new VectorCrcFolding<Pclmul512Ops, Vector512<ulong>, Pclmul128Ops>());
        }

        if (Pclmul256Ops.IsSupported)
        {
            kernels.Add(new VectorCrcFolding<Pclmul256Ops, Vector256<ulong>, Pclmul128Ops>());
        }

        if (Pclmul128Ops.IsSupported)
        {
            kernels.Add(new VectorCrcFolding<Pclmul128Ops, Vector128<ulong>, Pclmul128Ops>());
        }

        if (PmullOps.IsSupported)
        {
            kernels.Add(new VectorCrcFolding<PmullOps, Vector128<ulong>, PmullOps>());
        }

        return kernels;
    }
}
