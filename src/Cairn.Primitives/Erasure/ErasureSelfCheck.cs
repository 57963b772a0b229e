namespace Cairn.Primitives.Erasure;

/// <summary>Compares a kernel with field arithmetic on codes that reach all of its passes.</summary>
internal static class ErasureSelfCheck
{
    // Whole registers, two at a time and one, and an overlapping end, for every register width.
    private const int ShardSize = 3 * 64 + 13;

    public static void Run(ShardKernel kernel)
    {
        for (var parityShards = 1; parityShards <= 9; parityShards++)
        {
            KernelSelfCheck.Require(IsRight(kernel, parityShards + 1, parityShards), "erasure coding", kernel.Name);
        }
    }

    private static bool IsRight(ShardKernel kernel, int dataShards, int parityShards)
    {
        var code = new ReedSolomon(dataShards, parityShards, kernel);
        var stripe = new byte[code.TotalShards * ShardSize];
        for (var at = 0; at < dataShards * ShardSize; at++)
        {
            // Takes all values in an order that is neither constant nor a power in the field.
            stripe[at] = (byte)(at * at * 31 + at * 7 + parityShards);
        }

        code.Encode(stripe, ShardSize);
        var expected = stripe.ToArray();
        EncodeSlowly(expected, dataShards, parityShards);
        var lost = ShardMask.All(parityShards);
        var restored = expected.ToArray();
        restored.AsSpan(0, parityShards * ShardSize).Clear();
        code.Reconstruct(restored, ShardSize, ShardMask.All(code.TotalShards).Without(lost), lost);
        return stripe.AsSpan().SequenceEqual(expected) && restored.AsSpan().SequenceEqual(expected);
    }

    private static void EncodeSlowly(Span<byte> stripe, int dataShards, int parityShards)
    {
        var matrix = new GeneratorMatrix(dataShards, parityShards);
        for (var shard = dataShards; shard < dataShards + parityShards; shard++)
        {
            var row = matrix.Row(shard);
            for (var at = 0; at < ShardSize; at++)
            {
                var sum = 0;
                for (var source = 0; source < dataShards; source++)
                {
                    sum ^= GaloisField.Multiply(row[source], stripe[source * ShardSize + at]);
                }

                stripe[shard * ShardSize + at] = (byte)sum;
            }
        }
    }
}
