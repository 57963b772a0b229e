using System.Runtime.CompilerServices;

namespace Cairn.Primitives.Erasure;

/// <summary>The matrix product, written once for all instruction sets.</summary>
/// <remarks>
/// <para>Purpose: one pass over the sources computes up to eight targets, so every source byte is loaded and prepared
/// once per eight products. Eight accumulators, the input and the factors are what sixteen registers hold; with up to
/// four targets there is room for two registers of each.</para>
/// <para>More targets take several passes. They run block by block, so that the sources of the second pass come from
/// the nearest caches and not from memory.</para>
/// <para>Invariants: all blocks but the last are multiples of two registers. What is left at the end is covered by one
/// last register that overlaps the one before: writing the same bytes twice is harmless, because no target is a
/// source.</para>
/// </remarks>
internal sealed unsafe class VectorShardKernel<TOps, TVector, TInput, TFactor> : ShardKernel
    where TOps : struct, IFieldOps<TVector, TInput, TFactor>
    where TVector : unmanaged
{
    private const int RowsPerPass = 8;
    private const int RowsPerShortPass = 4;

    // Half of the usual first-level data cache; the other half is for targets and tables.
    private const int CachedSourceBytes = 16 * 1024;

    // Shorter runs than this per source defeat the hardware prefetcher.
    private const int SmallestBlock = 1024;

    public override string Name => TOps.Name;

    public override int TableSize => TOps.TableSize;

    public override void WriteTable(byte coefficient, Span<byte> table) => TOps.WriteTable(coefficient, table);

    public override void Run(CodingPlan plan, byte** sources, byte** targets, nint length)
    {
        if (length < TOps.Width)
        {
            RunPadded(plan, sources, targets, length);
            return;
        }

        var block = BlockSize(plan, length);
        for (nint start = 0; start < length; start += block)
        {
            var end = nint.Min(start + block, length);
            for (var row = 0; row < plan.Targets.Length;)
            {
                row += RunPass(plan, row, sources, targets + row, start, end);
            }
        }
    }

    private static nint BlockSize(CodingPlan plan, nint length)
    {
        if (plan.Targets.Length is <= RowsPerShortPass or RowsPerPass)
        {
            return length;
        }

        var perSource = CachedSourceBytes / plan.Sources.Length;
        return nint.Max(SmallestBlock, perSource / SmallestBlock * SmallestBlock);
    }

    /// <summary>Computes bytes start..end of the next targets; returns how many targets that were.</summary>
    private static int RunPass(CodingPlan plan, int row, byte** sources, byte** targets, nint start, nint end)
    {
        var count = plan.Sources.Length;
        var tables = plan.Tables + (nint)row * count * TOps.TableSize;
        var left = plan.Targets.Length - row;
        var rows = left >= RowsPerPass ? RowsPerPass : int.Min(RowsPerShortPass, left);
        var done = rows switch
        {
            1 => RunOne(tables, count, sources, targets, start, end),
            2 => RunTwo(tables, count, sources, targets, start, end),
            3 => RunThree(tables, count, sources, targets, start, end),
            4 => RunFour(tables, count, sources, targets, start, end),
            _ => RunEight(tables, count, sources, targets, start, end),
        };
        while (done < end)
        {
            done = nint.Min(done, end - TOps.Width);
            RunRegister(tables, count, rows, sources, targets, done);
            done += TOps.Width;
        }

        return rows;
    }

    // Shards shorter than a register: through zero-padded copies.
    private static void RunPadded(CodingPlan plan, byte** sources, byte** targets, nint length)
    {
        var count = plan.Sources.Length;
        var padded = stackalloc byte[(count + 1) * TOps.Width];
        var pointers = stackalloc byte*[count + 1];
        new Span<byte>(padded, (count + 1) * TOps.Width).Clear();
        for (var source = 0; source < count; source++)
        {
            pointers[source] = padded + source * TOps.Width;
            new ReadOnlySpan<byte>(sources[source], (int)length).CopyTo(new(pointers[source], (int)length));
        }

        pointers[count] = padded + count * TOps.Width;
        for (var row = 0; row < plan.Targets.Length; row++)
        {
            var tables = plan.Tables + (nint)row * count * TOps.TableSize;
            RunRegister(tables, count, 1, pointers, pointers + count, 0);
            new ReadOnlySpan<byte>(pointers[count], (int)length).CopyTo(new(targets[row], (int)length));
        }
    }

    private static void RunRegister(byte* tables, int count, int rows, byte** sources, byte** targets, nint at)
    {
        for (var row = 0; row < rows; row++)
        {
            var sum = default(TVector);
            for (var source = 0; source < count; source++, tables += TOps.TableSize)
            {
                sum = TOps.Xor(sum, TOps.Multiply(TOps.Load(sources[source] + at), TOps.LoadFactor(tables)));
            }

            TOps.Store(sum, targets[row] + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint RunOne(byte* tables, int count, byte** sources, byte** targets, nint at, nint end)
    {
        var t0 = targets[0];
        for (; at <= end - 2 * TOps.Width; at += 2 * TOps.Width)
        {
            TVector a0 = default, b0 = default;
            var table = tables;
            for (var source = 0; source < count; source++, table += TOps.TableSize)
            {
                var a = TOps.Load(sources[source] + at);
                var b = TOps.Load(sources[source] + at + TOps.Width);
                var factor = TOps.LoadFactor(table);
                a0 = TOps.Xor(a0, TOps.Multiply(a, factor));
                b0 = TOps.Xor(b0, TOps.Multiply(b, factor));
            }

            TOps.Store(a0, t0 + at);
            TOps.Store(b0, t0 + at + TOps.Width);
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint RunTwo(byte* tables, int count, byte** sources, byte** targets, nint at, nint end)
    {
        byte* t0 = targets[0], t1 = targets[1];
        var stride = (nint)count * TOps.TableSize;
        for (; at <= end - 2 * TOps.Width; at += 2 * TOps.Width)
        {
            TVector a0 = default, a1 = default, b0 = default, b1 = default;
            var table = tables;
            for (var source = 0; source < count; source++, table += TOps.TableSize)
            {
                var a = TOps.Load(sources[source] + at);
                var b = TOps.Load(sources[source] + at + TOps.Width);
                var factor = TOps.LoadFactor(table);
                a0 = TOps.Xor(a0, TOps.Multiply(a, factor));
                b0 = TOps.Xor(b0, TOps.Multiply(b, factor));
                factor = TOps.LoadFactor(table + stride);
                a1 = TOps.Xor(a1, TOps.Multiply(a, factor));
                b1 = TOps.Xor(b1, TOps.Multiply(b, factor));
            }

            TOps.Store(a0, t0 + at);
            TOps.Store(b0, t0 + at + TOps.Width);
            TOps.Store(a1, t1 + at);
            TOps.Store(b1, t1 + at + TOps.Width);
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint RunThree(byte* tables, int count, byte** sources, byte** targets, nint at, nint end)
    {
        byte* t0 = targets[0], t1 = targets[1], t2 = targets[2];
        var stride = (nint)count * TOps.TableSize;
        for (; at <= end - 2 * TOps.Width; at += 2 * TOps.Width)
        {
            TVector a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
            var table = tables;
            for (var source = 0; source < count; source++, table += TOps.TableSize)
            {
                var a = TOps.Load(sources[source] + at);
                var b = TOps.Load(sources[source] + at + TOps.Width);
                var factor = TOps.LoadFactor(table);
                a0 = TOps.Xor(a0, TOps.Multiply(a, factor));
                b0 = TOps.Xor(b0, TOps.Multiply(b, factor));
                factor = TOps.LoadFactor(table + stride);
                a1 = TOps.Xor(a1, TOps.Multiply(a, factor));
                b1 = TOps.Xor(b1, TOps.Multiply(b, factor));
                factor = TOps.LoadFactor(table + 2 * stride);
                a2 = TOps.Xor(a2, TOps.Multiply(a, factor));
                b2 = TOps.Xor(b2, TOps.Multiply(b, factor));
            }

            TOps.Store(a0, t0 + at);
            TOps.Store(b0, t0 + at + TOps.Width);
            TOps.Store(a1, t1 + at);
            TOps.Store(b1, t1 + at + TOps.Width);
            TOps.Store(a2, t2 + at);
            TOps.Store(b2, t2 + at + TOps.Width);
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint RunFour(byte* tables, int count, byte** sources, byte** targets, nint at, nint end)
    {
        byte* t0 = targets[0], t1 = targets[1], t2 = targets[2], t3 = targets[3];
        var stride = (nint)count * TOps.TableSize;
        for (; at <= end - 2 * TOps.Width; at += 2 * TOps.Width)
        {
            TVector a0 = default, a1 = default, a2 = default, a3 = default;
            TVector b0 = default, b1 = default, b2 = default, b3 = default;
            var table = tables;
            for (var source = 0; source < count; source++, table += TOps.TableSize)
            {
                var a = TOps.Load(sources[source] + at);
                var b = TOps.Load(sources[source] + at + TOps.Width);
                var factor = TOps.LoadFactor(table);
                a0 = TOps.Xor(a0, TOps.Multiply(a, factor));
                b0 = TOps.Xor(b0, TOps.Multiply(b, factor));
                factor = TOps.LoadFactor(table + stride);
                a1 = TOps.Xor(a1, TOps.Multiply(a, factor));
                b1 = TOps.Xor(b1, TOps.Multiply(b, factor));
                factor = TOps.LoadFactor(table + 2 * stride);
                a2 = TOps.Xor(a2, TOps.Multiply(a, factor));
                b2 = TOps.Xor(b2, TOps.Multiply(b, factor));
                factor = TOps.LoadFactor(table + 3 * stride);
                a3 = TOps.Xor(a3, TOps.Multiply(a, factor));
                b3 = TOps.Xor(b3, TOps.Multiply(b, factor));
            }

            TOps.Store(a0, t0 + at);
            TOps.Store(b0, t0 + at + TOps.Width);
            TOps.Store(a1, t1 + at);
            TOps.Store(b1, t1 + at + TOps.Width);
            TOps.Store(a2, t2 + at);
            TOps.Store(b2, t2 + at + TOps.Width);
            TOps.Store(a3, t3 + at);
            TOps.Store(b3, t3 + at + TOps.Width);
        }

        return at;
    }

    // One register per target: with two, eight targets would need more accumulators than there are registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint RunEight(byte* tables, int count, byte** sources, byte** targets, nint at, nint end)
    {
        byte* t0 = targets[0], t1 = targets[1], t2 = targets[2], t3 = targets[3];
        byte* t4 = targets[4], t5 = targets[5], t6 = targets[6], t7 = targets[7];
        var stride = (nint)count * TOps.TableSize;
        for (; at <= end - TOps.Width; at += TOps.Width)
        {
            TVector a0 = default, a1 = default, a2 = default, a3 = default;
            TVector a4 = default, a5 = default, a6 = default, a7 = default;
            var table = tables;
            for (var source = 0; source < count; source++, table += TOps.TableSize)
            {
                var a = TOps.Load(sources[source] + at);
                a0 = TOps.Xor(a0, TOps.Multiply(a, TOps.LoadFactor(table)));
                a1 = TOps.Xor(a1, TOps.Multiply(a, TOps.LoadFactor(table + stride)));
                a2 = TOps.Xor(a2, TOps.Multiply(a, TOps.LoadFactor(table + 2 * stride)));
                a3 = TOps.Xor(a3, TOps.Multiply(a, TOps.LoadFactor(table + 3 * stride)));
                a4 = TOps.Xor(a4, TOps.Multiply(a, TOps.LoadFactor(table + 4 * stride)));
                a5 = TOps.Xor(a5, TOps.Multiply(a, TOps.LoadFactor(table + 5 * stride)));
                a6 = TOps.Xor(a6, TOps.Multiply(a, TOps.LoadFactor(table + 6 * stride)));
                a7 = TOps.Xor(a7, TOps.Multiply(a, TOps.LoadFactor(table + 7 * stride)));
            }

            TOps.Store(a0, t0 + at);
            TOps.Store(a1, t1 + at);
            TOps.Store(a2, t2 + at);
            TOps.Store(a3, t3 + at);
            TOps.Store(a4, t4 + at);
            TOps.Store(a5, t5 + at);
            TOps.Store(a6, t6 + at);
            TOps.Store(a7, t7 + at);
        }

        return at;
    }
}
