using System.Runtime.CompilerServices;
using Cairn.Primitives.Checksums.Lanes;

namespace Cairn.Primitives.Checksums;

/// <summary>Lets concurrent MD5 streams share the lanes of one core.</summary>
/// <remarks>
/// <para>Purpose: each upload hashes its own bytes, and MD5 of one stream leaves most of a core idle. Streams that have
/// bytes at the same time are hashed together, for about the price of one.</para>
/// <para>This is flat combining (Hendler, Incze, Shavit, Tzafrir, 2010), with awaiting in place of spinning: (1) a
/// stream that has bytes enters the queue; (2) if nobody leads, it leads: it steps back once, so that other streams
/// that are ready can enter, and then takes as many from the front as there are lanes; (3) it hashes them all;
/// (4) it hands the lead to the front of the queue, if there is one, and wakes the others. No thread and no timer
/// waits for company: while one batch is hashed the next one gathers, so batches grow with the load, and a stream that
/// is the only open one hashes at once.</para>
/// <para>Invariants: there is a leader if and only if the queue is not empty or a batch is being hashed; the leader is
/// at the front of the queue until it takes its batch, so it is always part of it.</para>
/// <para>Concurrency: any number of streams; the lock covers queue operations only.</para>
/// </remarks>
public sealed class Md5Combiner
{
    private readonly Lock _lock = new();
    private readonly Queue<Md5Stream> _waiting = new();
    private bool _hasLeader;
    private int _openCount;

    /// <summary>Whether waiting for a turn can gain anything.</summary>
    internal bool HasCompany => Md5Lanes.LaneCount > 1 && Volatile.Read(ref _openCount) > 1;

    /// <summary>Starts a message. Dispose the stream when the message has ended: while several are open, each steps
    /// back once before it hashes alone.</summary>
    public Md5Stream OpenStream()
    {
        Interlocked.Increment(ref _openCount);
        return new Md5Stream(this);
    }

    internal void Close() => Interlocked.Decrement(ref _openCount);

    /// <summary>(1) and (2): queues the stream; true if it leads now.</summary>
    internal bool Enter(Md5Stream stream)
    {
        lock (_lock)
        {
            _waiting.Enqueue(stream);
            var leads = !_hasLeader;
            _hasLeader = true;
            return leads;
        }
    }

    /// <summary>(2) to (4), on behalf of the front of the queue, whose own piece is done when this returns.</summary>
    internal void Lead()
    {
        Lanes<Md5Stream> streamLanes = default;
        Span<Md5Stream> streams = streamLanes;
        streams = streams[..TakeBatch(streams)];
        Exception? failure = null;
        try
        {
            Hash(streams);
        }
        catch (Exception exception)
        {
            // Memory that its owner freed too early. Nobody knows which states have advanced, so all of them fail.
            failure = exception;
        }

        // (4) First the next leader: on a pool thread's own queue it then runs after the streams woken here, and their
        // next pieces join its batch.
        PassLead()?.Wake(leads: true, null);
        foreach (var follower in streams[1..])
        {
            follower.Wake(leads: false, failure);
        }

        if (failure is not null)
        {
            throw new InvalidOperationException("Hashing a batch of streams failed.", failure);
        }
    }

    private static void Hash(ReadOnlySpan<Md5Stream> streams)
    {
        Lanes<Md5> messageLanes = default;
        Lanes<ReadOnlyMemory<byte>> pieceLanes = default;
        Span<Md5> messages = messageLanes;
        Span<ReadOnlyMemory<byte>> pieces = pieceLanes;
        for (var lane = 0; lane < streams.Length; lane++)
        {
            messages[lane] = streams[lane].Message;
            pieces[lane] = streams[lane].Piece;
        }

        Md5Lanes.Append(messages[..streams.Length], pieces[..streams.Length]);
    }

    private int TakeBatch(Span<Md5Stream> batch)
    {
        lock (_lock)
        {
            var count = int.Min(Md5Lanes.LaneCount, _waiting.Count);
            for (var lane = 0; lane < count; lane++)
            {
                batch[lane] = _waiting.Dequeue();
            }

            return count;
        }
    }

    private Md5Stream? PassLead()
    {
        lock (_lock)
        {
            _hasLeader = _waiting.TryPeek(out var next);
            return next;
        }
    }

    [InlineArray(Md5Kernel.MaxLanes)]
    private struct Lanes<T>
    {
        private T _first;
    }
}
