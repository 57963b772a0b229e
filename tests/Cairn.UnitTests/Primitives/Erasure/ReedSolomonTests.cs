using Cairn.Primitives.Erasure;
using Xunit;

namespace Cairn.UnitTests.Primitives.Erasure;

// Method: random stripes are encoded with every kernel of this processor and compared with a reference that knows only
// the field and the matrix; then shards are destroyed and must come back. What is not checked: kernels of other
// processors (the same suite runs there).
public sealed class ReedSolomonTests
{
    private const int Guard = 32;
    private const byte GuardByte = 0xC5;

    public static TheoryData<string> Kernels => [.. ShardKernel.Supported.Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Encode_gives_the_reference_parity_for_every_length_and_alignment(string kernelName)
    {
        var random = new Random(1);
        foreach (var (k, m) in new[] { (1, 1), (2, 2), (3, 1), (4, 3), (5, 4), (4, 5), (12, 4), (8, 8), (17, 15) })
        {
            var code = new ReedSolomon(k, m, KernelNamed(kernelName));
            for (var length = 0; length <= 200; length++)
            {
                var shards = GuardedShards(random, k + m, length, k);
                code.Encode(shards.Select(shard => shard.Memory).ToArray());
                AssertParity(code, shards.Select(shard => shard.Memory).ToArray());
                Assert.All(shards, shard => Assert.True(shard.IsIntact()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Encode_gives_the_reference_parity_across_cache_blocks(string kernelName)
    {
        var random = new Random(2);
        foreach (var (k, m) in new[] { (2, 2), (3, 5), (8, 8), (10, 13), (20, 12) })
        {
            foreach (var length in new[] { 4096, 8191, 16384 + 63, 65536 })
            {
                var code = new ReedSolomon(k, m, KernelNamed(kernelName));
                var shards = GuardedShards(random, k + m, length, k);
                code.Encode(shards.Select(shard => shard.Memory).ToArray());
                AssertParity(code, shards.Select(shard => shard.Memory).ToArray());
                Assert.All(shards, shard => Assert.True(shard.IsIntact()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Reconstruct_restores_every_combination_of_lost_shards(string kernelName)
    {
        var random = new Random(3);
        foreach (var (k, m) in new[] { (1, 0), (1, 3), (2, 1), (2, 2), (3, 2), (4, 4) })
        {
            var code = new ReedSolomon(k, m, KernelNamed(kernelName));
            var stripe = EncodedStripe(code, random, 97);
            for (ulong present = 0; present < 1UL << (k + m); present++)
            {
                if (new ShardMask(present).Count >= k)
                {
                    AssertRestores(code, stripe, new ShardMask(present), ShardMask.All(k + m));
                }
            }
        }
    }

    [Fact]
    public void Any_k_shards_suffice_for_every_code_of_up_to_32_shards()
    {
        var random = new Random(4);
        for (var total = 2; total <= 32; total++)
        {
            for (var k = 1; k < total; k++)
            {
                var code = ReedSolomon.Get(k, total - k);
                var stripe = EncodedStripe(code, random, 5);
                for (var round = 0; round < 12; round++)
                {
                    var indexes = Enumerable.Range(0, total).ToArray();
                    random.Shuffle(indexes);
                    AssertRestores(code, stripe, ShardMask.Of(indexes.AsSpan(0, k)), ShardMask.All(total));
                }
            }
        }
    }

    [Fact]
    public void Reconstruct_computes_only_what_is_wanted_and_reads_only_what_is_present()
    {
        var code = ReedSolomon.Get(4, 4);
        var stripe = EncodedStripe(code, new Random(5), 1000);
        var shards = new Memory<byte>[8];
        foreach (var present in new[] { 1, 3, 5, 7 })
        {
            shards[present] = stripe.AsMemory(present * 1000, 1000);
        }

        shards[2] = new byte[1000];
        shards[6] = new byte[1000];

        code.Reconstruct(shards, ShardMask.Of(1, 3, 5, 7), ShardMask.Of(1, 2, 6));

        Assert.True(shards[2].Span.SequenceEqual(stripe.AsSpan(2000, 1000)));
        Assert.True(shards[6].Span.SequenceEqual(stripe.AsSpan(6000, 1000)));
        Assert.True(shards[0].IsEmpty);
    }

    [Fact]
    public void Separate_and_contiguous_shards_and_read_only_data_give_the_same_parity()
    {
        var code = ReedSolomon.Get(5, 3);
        var stripe = EncodedStripe(code, new Random(6), 777);
        var data = Enumerable.Range(0, 5).Select(i => (ReadOnlyMemory<byte>)stripe.AsMemory(i * 777, 777)).ToArray();
        var parity = Enumerable.Range(0, 3).Select(_ => (Memory<byte>)new byte[777]).ToArray();

        code.Encode(data, parity);

        for (var i = 0; i < 3; i++)
        {
            Assert.True(parity[i].Span.SequenceEqual(stripe.AsSpan((5 + i) * 777, 777)));
        }
    }

    [Fact]
    public void A_slice_of_all_shards_codes_to_the_slice_of_the_result()
    {
        var code = ReedSolomon.Get(6, 3);
        var stripe = EncodedStripe(code, new Random(7), 5000);
        var slices = Enumerable.Range(0, 9).Select(i => (Memory<byte>)stripe.AsSpan(i * 5000 + 123, 456).ToArray()).ToArray();
        var expected = slices[1].ToArray();
        slices[1].Span.Clear();

        code.Reconstruct(slices, ShardMask.All(9).Without(ShardMask.Of(1)), ShardMask.Of(1));

        Assert.Equal(expected, slices[1].ToArray());
    }

    [Fact]
    public void One_data_shard_is_replicated_and_the_first_parity_shard_is_the_xor()
    {
        var replicas = EncodedStripe(ReedSolomon.Get(1, 4), new Random(8), 300);
        Assert.All(Enumerable.Range(1, 4), i =>
            Assert.True(replicas.AsSpan(i * 300, 300).SequenceEqual(replicas.AsSpan(0, 300))));

        var stripe = EncodedStripe(ReedSolomon.Get(3, 2), new Random(9), 300);
        Assert.All(Enumerable.Range(0, 300), i =>
            Assert.Equal(stripe[i] ^ stripe[300 + i] ^ stripe[600 + i], stripe[900 + i]));
    }

    [Fact]
    public void Parity_bytes_of_the_format_never_change()
    {
        var stripe = new byte[8 * 4];
        for (var i = 0; i < 16; i++)
        {
            stripe[i] = (byte)(i * 37 + 11);
        }

        ReedSolomon.Get(4, 4).Encode(stripe, 4);

        Assert.Equal("6040D0E0982DC93FBA999E4E57C56186", Convert.ToHexString(stripe, 16, 16));
    }

    [Fact]
    public void Fewer_than_k_present_shards_are_refused_with_a_sentence()
    {
        var code = ReedSolomon.Get(4, 2);
        var failure = Assert.Throws<ArgumentException>(() =>
            code.Reconstruct(new byte[60], 10, ShardMask.Of(0, 1, 5), ShardMask.Of(2)));
        Assert.Contains("3 shards are present; 4 are needed.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_of_unequal_length_are_refused()
    {
        var shards = new Memory<byte>[] { new byte[10], new byte[11], new byte[10] };
        Assert.Throws<ArgumentException>(() => ReedSolomon.Get(2, 1).Encode(shards));
        Assert.Throws<ArgumentException>(() => ReedSolomon.Get(2, 1).Encode(new byte[31], 10));
    }

    [Fact]
    public void Coding_does_not_allocate_once_its_plan_is_known()
    {
        var code = ReedSolomon.Get(4, 2);
        var shards = Enumerable.Range(0, 6).Select(_ => (Memory<byte>)new byte[4096]).ToArray();
        var present = ShardMask.Of(0, 2, 3, 4);
        code.Encode(shards);
        code.Reconstruct(shards, present, ShardMask.Of(1));

        // The least of several rounds: the runtime itself allocates when it recompiles a hot method.
        var least = long.MaxValue;
        for (var round = 0; round < 100; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            code.Encode(shards);
            code.Reconstruct(shards, present, ShardMask.Of(1));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static ShardKernel KernelNamed(string name) => ShardKernel.Supported.Single(kernel => kernel.Name == name);

    private static byte[] EncodedStripe(ReedSolomon code, Random random, int shardSize)
    {
        var stripe = new byte[code.TotalShards * shardSize];
        random.NextBytes(stripe.AsSpan(0, code.DataShards * shardSize));
        code.Encode(stripe, shardSize);
        return stripe;
    }

    private static void AssertRestores(ReedSolomon code, byte[] stripe, ShardMask present, ShardMask wanted)
    {
        var shardSize = stripe.Length / code.TotalShards;
        var damaged = stripe.ToArray();
        for (var shard = 0; shard < code.TotalShards; shard++)
        {
            if (!present.Contains(shard))
            {
                damaged.AsSpan(shard * shardSize, shardSize).Fill(0xEE);
            }
        }

        code.Reconstruct(damaged, shardSize, present, wanted);
        Assert.True(damaged.AsSpan().SequenceEqual(stripe), $"{code.DataShards}+{code.ParityShards} from {present}");
    }

    private static void AssertParity(ReedSolomon code, Memory<byte>[] shards)
    {
        var matrix = new GeneratorMatrix(code.DataShards, code.ParityShards);
        var expected = new byte[shards[0].Length];
        for (var parity = code.DataShards; parity < code.TotalShards; parity++)
        {
            Array.Clear(expected);
            var row = matrix.Row(parity);
            for (var source = 0; source < code.DataShards; source++)
            {
                var bytes = shards[source].Span;
                for (var at = 0; at < expected.Length; at++)
                {
                    expected[at] ^= GaloisField.Multiply(row[source], bytes[at]);
                }
            }

            Assert.True(shards[parity].Span.SequenceEqual(expected),
                $"{code.DataShards}+{code.ParityShards}, shard {parity}, {expected.Length} bytes");
        }
    }

    private static GuardedShard[] GuardedShards(Random random, int count, int length, int filled)
    {
        var shards = new GuardedShard[count];
        for (var shard = 0; shard < count; shard++)
        {
            shards[shard] = new GuardedShard(random.Next(Guard), length);
            if (shard < filled)
            {
                random.NextBytes(shards[shard].Memory.Span);
            }
        }

        return shards;
    }

    private sealed class GuardedShard
    {
        private readonly byte[] _bytes;
        private readonly int _start;
        private readonly int _length;

        public GuardedShard(int start, int length)
        {
            _bytes = new byte[start + length + Guard];
            Array.Fill(_bytes, GuardByte);
            _start = start;
            _length = length;
        }

        public Memory<byte> Memory => _bytes.AsMemory(_start, _length);

        public bool IsIntact() =>
            _bytes.AsSpan(0, _start).IndexOfAnyExcept(GuardByte) < 0 &&
            _bytes.AsSpan(_start + _length).IndexOfAnyExcept(GuardByte) < 0;
    }
}
