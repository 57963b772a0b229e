using Cairn.Primitives.Erasure;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Primitives.Erasure;

// Method: FsCheck draws a code, a length and the lost shards, and shrinks what fails to the smallest such case.
public sealed class ReedSolomonProperties
{
    private static readonly Gen<Stripe> Stripes =
        from dataShards in Gen.Choose(1, 20)
        from parityShards in Gen.Choose(0, 12)
        from shardSize in Gen.Choose(0, 300)
        from lostCount in Gen.Choose(0, parityShards)
        from order in Gen.Shuffle(Enumerable.Range(0, dataShards + parityShards).ToArray())
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select new Stripe(dataShards, parityShards, shardSize, [.. order.Take(lostCount)], seed);

    [Fact]
    public void Whatever_is_lost_up_to_the_parity_comes_back() =>
        Prop.ForAll(Arb.From(Stripes), stripe => stripe.IsRestored()).QuickCheckThrowOnFailure();

    [Fact]
    public void Parity_of_a_sum_is_the_sum_of_the_parities() =>
        Prop.ForAll(Arb.From(Stripes), stripe => stripe.IsLinear()).QuickCheckThrowOnFailure();

    private sealed record Stripe(int DataShards, int ParityShards, int ShardSize, int[] Lost, int Seed)
    {
        private ReedSolomon Code => ReedSolomon.Get(DataShards, ParityShards);

        public bool IsRestored()
        {
            var expected = Encoded(Seed);
            var damaged = expected.ToArray();
            foreach (var shard in Lost)
            {
                damaged.AsSpan(shard * ShardSize, ShardSize).Fill(0xEE);
            }

            var lost = ShardMask.Of(Lost);
            Code.Reconstruct(damaged, ShardSize, ShardMask.All(Code.TotalShards).Without(lost), lost);
            return damaged.AsSpan().SequenceEqual(expected);
        }

        public bool IsLinear()
        {
            var first = Encoded(Seed);
            var second = Encoded(~Seed);
            var sum = first.Zip(second, (left, right) => (byte)(left ^ right)).ToArray();
            var expected = sum.ToArray();
            sum.AsSpan(DataShards * ShardSize).Clear();
            Code.Encode(sum, ShardSize);
            return sum.AsSpan().SequenceEqual(expected);
        }

        private byte[] Encoded(int seed)
        {
            var stripe = new byte[Code.TotalShards * ShardSize];
            new Random(seed).NextBytes(stripe.AsSpan(0, DataShards * ShardSize));
            Code.Encode(stripe, ShardSize);
            return stripe;
        }
    }
}
