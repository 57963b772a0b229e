namespace Cairn.Primitives.Erasure;

/// <summary>The systematic (k+m) x k matrix that turns k data shards into all k+m shards.</summary>
/// <remarks>
/// <para>Purpose: one place that decides which linear code is written to drives.</para>
/// <para>Invariants: the top k rows are the identity. Below stands the Cauchy matrix 1 / (x_i + y_j) with
/// x_i = k + i and y_j = j, its columns and then its rows scaled so that its first row and first column are ones.
/// Every square submatrix of a Cauchy matrix is invertible, and scaling rows and columns by non-zero factors keeps
/// that, so any k of the k+m rows are invertible (as long as all x and y differ, k+m at most 256). A Vandermonde
/// matrix does not promise this for all k+m.</para>
/// <para>The scaling makes the first parity shard the plain XOR of the data and makes k = 1 a replica, and it spares
/// the kernels multiplications. The matrix is part of the on-disk format and never changes.</para>
/// <para>See: Bloemer et al., "An XOR-Based Erasure-Resilient Coding Scheme", 1995; Plank and Xu, "Optimizing Cauchy
/// Reed-Solomon Codes for Fault-Tolerant Network Storage Applications", 2006.</para>
/// </remarks>
internal sealed class GeneratorMatrix
{
    private readonly byte[] _cells;

    public GeneratorMatrix(int dataShards, int parityShards)
    {
        DataShards = dataShards;
        _cells = new byte[(dataShards + parityShards) * dataShards];
        for (var row = 0; row < dataShards; row++)
        {
            _cells[row * dataShards + row] = 1;
        }

        for (var row = 0; row < parityShards; row++)
        {
            var cells = _cells.AsSpan((dataShards + row) * dataShards, dataShards);
            for (var column = 0; column < dataShards; column++)
            {
                // Divided by its column's first parity cell: that row becomes ones.
                var cauchy = GaloisField.Invert((byte)((dataShards + row) ^ column));
                cells[column] = GaloisField.Multiply(cauchy, (byte)(dataShards ^ column));
            }

            Scale(cells, GaloisField.Invert(cells[0]));
        }
    }

    public int DataShards { get; }

    public ReadOnlySpan<byte> Row(int shard) => _cells.AsSpan(shard * DataShards, DataShards);

    /// <summary>
    /// The coefficients, one row per target, that compute the <paramref name="targets"/> from exactly k
    /// <paramref name="sources"/>.
    /// </summary>
    public byte[] SolveFor(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets)
    {
        var inverse = Invert(sources);
        var coefficients = new byte[targets.Length * DataShards];
        for (var target = 0; target < targets.Length; target++)
        {
            var generator = Row(targets[target]);
            var solved = coefficients.AsSpan(target * DataShards, DataShards);
            for (var shard = 0; shard < DataShards; shard++)
            {
                AddScaled(solved, inverse.AsSpan(shard * DataShards, DataShards), generator[shard]);
            }
        }

        return coefficients;
    }

    // Gauss-Jordan; a pivot always exists because any k rows are invertible.
    private byte[] Invert(ReadOnlySpan<int> rows)
    {
        var size = DataShards;
        var work = new byte[size * size];
        var inverse = new byte[size * size];
        for (var row = 0; row < size; row++)
        {
            Row(rows[row]).CopyTo(work.AsSpan(row * size));
            inverse[row * size + row] = 1;
        }

        for (var pivot = 0; pivot < size; pivot++)
        {
            var source = pivot;
            while (work[source * size + pivot] == 0)
            {
                source++;
            }

            Swap(work, size, source, pivot);
            Swap(inverse, size, source, pivot);
            var factor = GaloisField.Invert(work[pivot * size + pivot]);
            Scale(work.AsSpan(pivot * size, size), factor);
            Scale(inverse.AsSpan(pivot * size, size), factor);
            for (var row = 0; row < size; row++)
            {
                var multiple = work[row * size + pivot];
                if (row != pivot && multiple != 0)
                {
                    AddScaled(work.AsSpan(row * size, size), work.AsSpan(pivot * size, size), multiple);
                    AddScaled(inverse.AsSpan(row * size, size), inverse.AsSpan(pivot * size, size), multiple);
                }
            }
        }

        return inverse;
    }

    private static void Swap(byte[] cells, int size, int left, int right)
    {
        for (var column = 0; left != right && column < size; column++)
        {
            (cells[left * size + column], cells[right * size + column]) =
                (cells[right * size + column], cells[left * size + column]);
        }
    }

    private static void Scale(Span<byte> row, byte factor)
    {
        foreach (ref var cell in row)
        {
            cell = GaloisField.Multiply(cell, factor);
        }
    }

    private static void AddScaled(Span<byte> row, ReadOnlySpan<byte> other, byte factor)
    {
        for (var column = 0; column < row.Length; column++)
        {
            row[column] ^= GaloisField.Multiply(other[column], factor);
        }
    }
}
