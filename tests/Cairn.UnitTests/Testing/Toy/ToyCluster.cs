using Cairn.Testing.Histories;
using Cairn.Testing.Simulation;

namespace Cairn.UnitTests.Testing.Toy;

/// <summary>Replicas, a bad network, skewed clocks and dying coordinators around the toy protocol.</summary>
/// <remarks>
/// Purpose: histories of a protocol whose faults are known, to prove the linearizability checker with. One step at a
/// time, without a world, so that the seeds that show a mutation stay the same whatever happens to the simulator.
/// </remarks>
internal sealed class ToyCluster
{
    private readonly ToyReplica[] _replicas;
    private readonly List<Message> _messages = [];
    private readonly HashSet<int> _away = [];
    private readonly int[] _skew;
    private readonly long[] _lastClock = new long[4];
    private readonly double _loss;
    private long _clock = 10;

    private ToyCluster(ulong seed, ToyMutation mutation)
    {
        Random = new SimRandom(seed);
        Mutation = mutation;
        (int n, DataShards, WriteQuorum) = Random.Pick<(int, int, int)>(
            [(4, 2, 3), (4, 2, 3), (6, 4, 4), (3, 2, 2), (8, 4, 5)]);
        _replicas = [.. Enumerable.Range(0, n).Select(_ => new ToyReplica(mutation))];
        _loss = Random.Pick([0, 0, .05, .2, .4]);
        _skew = [.. Enumerable.Range(0, 4).Select(_ => Random.Pick([0, 0, 3, -3, 40]))];
    }

    public SimRandom Random { get; }

    public ToyMutation Mutation { get; }

    public int Replicas => _replicas.Length;

    public int DataShards { get; }

    public int WriteQuorum { get; }

    public int ReadQuorum => Mutation == ToyMutation.SmallRead ? 1 : Replicas - WriteQuorum + 1;

    /// <summary>Runs one random history of up to eighteen operations.</summary>
    public static IEnumerable<Operation<KeyState>> Run(ulong seed, ToyMutation mutation)
    {
        var cluster = new ToyCluster(seed, mutation);
        var history = new ObjectHistory();
        cluster.Run(history);
        return history.Of("key");
    }

    /// <summary>Unique for ever: a node never issues the same ballot twice, whatever its clock does.</summary>
    public long NextBallot(int node, long above)
    {
        _clock++;
        long clock = Math.Max(Math.Max(_clock + _skew[node], (above >> 3) + 1), _lastClock[node] + 1);
        _lastClock[node] = clock;
        return (clock << 3) + node + 1;
    }

    public ToyCall Send(Func<ToyReplica, ToyReply> request)
    {
        var call = new ToyCall(Replicas);
        for (int i = 0; i < Replicas; i++)
        {
            _messages.Add(new Message(i, request, call));
        }

        return call;
    }

    private void Run(ObjectHistory history)
    {
        int operations = Random.Pick([4, 6, 9, 14, 18]);
        int parallel = Random.Pick([1, 2, 3, 4, 6]);
        var live = new List<IEnumerator<int>>();
        int started = 0;
        for (int step = 0; step < 6_000 && (started < operations || live.Count > 0); step++)
        {
            if (started < operations && live.Count < parallel && Random.Chance(.3))
            {
                live.Add(new ToyCoordinator(this, history, ++started).Run().GetEnumerator());
            }

            MoveReplicas();
            Deliver(Random.Pick([0, 1, 2, 6]));
            for (int i = live.Count - 1; i >= 0; i--)
            {
                bool dies = Random.Chance(.004);
                if (dies || (Random.Chance(.6) && !live[i].MoveNext()))
                {
                    live.RemoveAt(i);
                }
            }
        }
    }

    private void MoveReplicas()
    {
        if (Random.Chance(.02))
        {
            int replica = Random.Next(Replicas);
            if (!_away.Remove(replica))
            {
                _away.Add(replica);
            }
        }

        if (_away.Count > Replicas - WriteQuorum + (Random.Chance(.1) ? 1 : 0))
        {
            _away.Remove(_away.First());
        }
    }

    private void Deliver(int count)
    {
        for (; count > 0 && _messages.Count > 0; count--)
        {
            int pick = Random.Next(_messages.Count);
            Message message = _messages[pick];
            bool isLost = Random.Chance(_loss);
            if (!isLost && _away.Contains(message.Replica))
            {
                continue;
            }

            // Now and then a message stays, to be delivered twice.
            if (isLost || !Random.Chance(.03))
            {
                _messages[pick] = _messages[^1];
                _messages.RemoveAt(_messages.Count - 1);
            }

            if (!isLost)
            {
                ToyReply reply = message.Request(_replicas[message.Replica]);
                if (!Random.Chance(_loss))
                {
                    message.Call.Answer(message.Replica, reply);
                }
            }
        }
    }

    private sealed record Message(int Replica, Func<ToyReplica, ToyReply> Request, ToyCall Call);
}
