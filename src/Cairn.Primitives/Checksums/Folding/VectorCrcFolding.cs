using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cairn.Primitives.Checksums.Folding;

/// <summary>The folding loop, written once for all register widths.</summary>
/// <remarks>
/// Steps: (1) four registers side by side walk over the message, each folded four registers forward, because one
/// multiplication takes about as long as four can be started; (2) the four become one; (3) its lanes, and what is left
/// of the message in whole lanes, become one lane.
/// </remarks>
internal sealed unsafe class VectorCrcFolding<TWide, TVector, TLane> : CrcFolding
    where TWide : struct, ICarrylessOps<TVector>
    where TVector : unmanaged
    where TLane : struct, ICarrylessOps<Vector128<ulong>>
{
    public override string Name => TWide.Name;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Fold(CrcFoldingFactors factors, ulong state, ReadOnlySpan<byte> source, Span<byte> residue)
    {
        fixed (byte* start = source)
        {
            var at = start;
            var end = start + source.Length;
            var lanes = stackalloc byte[TWide.Width];
            Vector128<ulong> lane;
            var oneLane = TLane.Repeat(factors.For(ResidueSize));
            if (source.Length >= 4 * TWide.Width)
            {
                at = FoldWide(factors, state, at, end, lanes);
                lane = TLane.Load(lanes);
                for (var offset = ResidueSize; offset < TWide.Width; offset += ResidueSize)
                {
                    lane = TLane.MultiplyAdd(lane, oneLane, TLane.Load(lanes + offset));
                }
            }
            else
            {
                lane = TLane.Xor(TLane.Load(at), TLane.First(state));
                at += ResidueSize;
            }

            for (; end - at >= ResidueSize; at += ResidueSize)
            {
                lane = TLane.MultiplyAdd(lane, oneLane, TLane.Load(at));
            }

            fixed (byte* target = residue[..ResidueSize])
            {
                TLane.Store(lane, target);
            }

            return (int)(at - start);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static byte* FoldWide(CrcFoldingFactors factors, ulong state, byte* at, byte* end, byte* lanes)
    {
        var width = TWide.Width;
        var four = TWide.Repeat(factors.For(4 * width));
        var v0 = TWide.Xor(TWide.Load(at), TWide.First(state));
        var v1 = TWide.Load(at + width);
        var v2 = TWide.Load(at + 2 * width);
        var v3 = TWide.Load(at + 3 * width);
        for (at += 4 * width; end - at >= 4 * width; at += 4 * width)
        {
            v0 = TWide.MultiplyAdd(v0, four, TWide.Load(at));
            v1 = TWide.MultiplyAdd(v1, four, TWide.Load(at + width));
            v2 = TWide.MultiplyAdd(v2, four, TWide.Load(at + 2 * width));
            v3 = TWide.MultiplyAdd(v3, four, TWide.Load(at + 3 * width));
        }

        var one = TWide.Repeat(factors.For(width));
        v1 = TWide.MultiplyAdd(v0, one, v1);
        v2 = TWide.MultiplyAdd(v1, one, v2);
        v3 = TWide.MultiplyAdd(v2, one, v3);
        for (; end - at >= width; at += width)
        {
            v3 = TWide.MultiplyAdd(v3, one, TWide.Load(at));
        }

        TWide.Store(v3, lanes);
        return at;
    }
}
