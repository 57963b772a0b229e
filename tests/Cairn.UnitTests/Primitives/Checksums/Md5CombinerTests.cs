using System.Buffers;
using System.Security.Cryptography;
using Cairn.Primitives.Checksums;
using Xunit;

namespace Cairn.UnitTests.Primitives.Checksums;

// Method: streams append random pieces, first on a scheduler that the test turns by hand (so the interleaving is known
// and the batches can be counted), then on real threads. Every digest is compared with the platform's MD5.
public sealed class Md5CombinerTests
{
    private const int PieceSize = 4096;

    [Fact]
    public async Task Streams_on_real_threads_get_their_own_digests()
    {
        var combiner = new Md5Combiner();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            var message = RandomBytes(random, random.Next(1, 300_000));
            using var stream = combiner.OpenStream();
            for (var at = 0; at < message.Length;)
            {
                var size = Math.Min(random.Next(20_000), message.Length - at);
                await stream.AppendAsync(message.AsMemory(at, size));
                at += size;
            }

            AssertDigest(message, stream);
        })));
    }

    [Fact]
    public void A_stream_that_is_alone_is_done_when_the_call_returns()
    {
        var combiner = new Md5Combiner();
        var message = RandomBytes(new Random(1), 100_000);
        using var stream = combiner.OpenStream();
        Assert.True(stream.AppendAsync(message).AsTask().IsCompletedSuccessfully);
        AssertDigest(message, stream);
    }

    [Fact]
    public void A_stream_whose_neighbours_have_closed_is_alone_again()
    {
        var combiner = new Md5Combiner();
        using var stream = combiner.OpenStream();
        var neighbour = combiner.OpenStream();
        neighbour.Dispose();
        neighbour.Dispose();
        Assert.True(stream.AppendAsync(new byte[PieceSize]).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public void Streams_that_are_ready_together_are_hashed_in_full_batches_on_one_thread()
    {
        Assert.SkipUnless(Md5Lanes.LaneCount > 1, "This processor hashes one message at a time.");
        var turns = new HandTurnedContext();
        var combiner = new Md5Combiner();
        var random = new Random(2);
        var streamCount = 2 * Md5Lanes.LaneCount + 1;
        var messages = Enumerable.Range(0, streamCount).Select(_ => RandomBytes(random, PieceSize)).ToArray();
        var streams = messages.Select(_ => combiner.OpenStream()).ToArray();
        var tasks = turns.Run(() => streams.Select((stream, i) => stream.AppendAsync(messages[i]).AsTask()).ToArray());

        // The first stream has stepped back once; nothing is hashed yet.
        Assert.All(tasks, task => Assert.False(task.IsCompleted));
        Assert.Equal(1, turns.Count);

        // Its turn takes one full batch and wakes the next leader and the followers.
        turns.RunNext();
        Assert.Equal(Md5Lanes.LaneCount, turns.Count);
        turns.RunAll();

        Assert.All(tasks, task => Assert.True(task.IsCompletedSuccessfully));
        for (var i = 0; i < streamCount; i++)
        {
            AssertDigest(messages[i], streams[i]);
        }
    }

    [Fact]
    public void Random_interleavings_on_one_thread_keep_every_stream_intact()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var turns = new HandTurnedContext(random);
            var combiner = new Md5Combiner();
            var messages = Enumerable.Range(0, random.Next(1, 45)).Select(_ => RandomBytes(random, random.Next(30_000))).ToArray();
            var tasks = turns.Run(() => messages.Select(message => HashAsync(combiner, message, new Random(message.Length))).ToArray());
            turns.RunAll();
            Assert.All(tasks, task => Assert.True(task.IsCompletedSuccessfully, $"seed {seed}"));
        }
    }

    [Fact]
    public void A_piece_that_cannot_be_read_fails_its_batch_and_nothing_after_it()
    {
        Assert.SkipUnless(Md5Lanes.LaneCount > 1, "This processor hashes one message at a time.");
        var turns = new HandTurnedContext();
        var combiner = new Md5Combiner();
        using var leader = combiner.OpenStream();
        using var broken = combiner.OpenStream();
        using var later = combiner.OpenStream();
        var message = RandomBytes(new Random(3), PieceSize);
        var first = turns.Run(() => leader.AppendAsync(message).AsTask());
        var second = turns.Run(() => broken.AppendAsync(new FreedMemory().Memory).AsTask());
        turns.RunAll();
        Assert.IsType<InvalidOperationException>(first.Exception!.InnerException);
        Assert.IsType<InvalidOperationException>(second.Exception!.InnerException);

        var third = turns.Run(() => later.AppendAsync(message).AsTask());
        turns.RunAll();
        Assert.True(third.IsCompletedSuccessfully);
        AssertDigest(message, later);
    }

    private static async Task HashAsync(Md5Combiner combiner, byte[] message, Random random)
    {
        using var stream = combiner.OpenStream();
        for (var at = 0; at < message.Length;)
        {
            var size = Math.Min(random.Next(9000), message.Length - at);
            await stream.AppendAsync(message.AsMemory(at, size));
            at += size;
        }

        AssertDigest(message, stream);
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void AssertDigest(byte[] message, Md5Stream stream)
    {
        var digest = new byte[Md5.DigestSize];
        stream.WriteDigest(digest);
        // The platform's implementation is the reference; nothing here depends on MD5 being secure.
#pragma warning disable CA5351
        Assert.Equal(MD5.HashData(message), digest);
#pragma warning restore CA5351
    }

    /// <summary>Queues every continuation until the test runs it.</summary>
    private sealed class HandTurnedContext(Random? order = null) : SynchronizationContext
    {
        private readonly List<(SendOrPostCallback Callback, object? State)> _queue = [];

        public int Count => _queue.Count;

        public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));

        public T Run<T>(Func<T> start)
        {
            var previous = Current;
            SetSynchronizationContext(this);
            try
            {
                return start();
            }
            finally
            {
                SetSynchronizationContext(previous);
            }
        }

        public void RunNext() => Run(() =>
        {
            var index = order?.Next(_queue.Count) ?? 0;
            var (callback, state) = _queue[index];
            _queue.RemoveAt(index);
            callback(state);
            return 0;
        });

        public void RunAll()
        {
            while (_queue.Count > 0)
            {
                RunNext();
            }
        }
    }

    private sealed class FreedMemory : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(PieceSize);

        public override Span<byte> GetSpan() => throw new ObjectDisposedException(nameof(FreedMemory));

        public override MemoryHandle Pin(int elementIndex = 0) => throw new ObjectDisposedException(nameof(FreedMemory));

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
