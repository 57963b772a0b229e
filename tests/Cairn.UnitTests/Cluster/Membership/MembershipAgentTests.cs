using System.Collections.Concurrent;
using Cairn.Cluster.Membership;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.UnitTests.Cluster.Membership;

/// <remarks>
/// Method: several agents in this process with the real clock and real threads, each message delivered on a thread of its
/// own; what the simulation, with its one thread, cannot show: locks, order of delivery, timers.
/// </remarks>
public sealed class MembershipAgentTests : IDisposable
{
    private const int Count = 5;

    private static readonly MembershipOptions Fast = new()
    {
        GossipPeriod = TimeSpan.FromMilliseconds(20),
        HeartbeatPeriod = TimeSpan.FromMilliseconds(100),
        ProbePeriod = TimeSpan.FromMilliseconds(10),
        ProbeTimeout = TimeSpan.FromMilliseconds(20),
        FailedAfter = TimeSpan.FromMilliseconds(500),
    };

    private readonly ConcurrentDictionary<string, MembershipAgent> _agents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ChangeSignal> _signals = new(StringComparer.Ordinal);

    [Fact]
    public async Task Nodes_on_real_threads_find_each_other_and_notice_who_leaves_and_who_dies()
    {
        for (int i = 0; i < Count; i++)
        {
            Start("node" + i);
        }

        await AwaitAsync(agent => CountServing(agent) == Count);

        await _agents["node0"].LeaveAsync();
        Stop("node0");
        Stop("node1");
        await AwaitAsync(agent => agent.View.FindAt("node0")!.State == NodeState.Leaving
            && agent.View.FindAt("node1")!.State == NodeState.Failed
            && CountServing(agent) == Count - 2);
        Assert.All(_signals.Values, signal => Assert.Equal(0, signal.Overlaps));
    }

    public void Dispose()
    {
        foreach (string name in _agents.Keys)
        {
            Stop(name);
        }
    }

    private static int CountServing(MembershipAgent agent) =>
        agent.View.Members.Count(member => member.State == NodeState.Active && !member.IsSuspect);

    private void Start(string name)
    {
        var signal = new ChangeSignal();
        var agent = new MembershipAgent(
            Fast,
            new LocalMember
            {
                Id = new NodeId(Guid.NewGuid()),
                Address = name,
                Seeds = ["node0", "node1", "node2"],
            },
            new ThreadLink(this, name),
            signal,
            TimeProvider.System,
            new SimEntropy(new SimRandom((ulong)Random.Shared.NextInt64())));
        _signals[name] = signal;
        _agents[name] = agent;
        agent.Start();
        agent.Activate();
    }

    private void Stop(string name)
    {
        if (_agents.TryRemove(name, out MembershipAgent? agent))
        {
            agent.Dispose();
        }
    }

    private Task AwaitAsync(Func<MembershipAgent, bool> holds) => ChangeSignal.AwaitAsync(
        [.. _signals.Values], () => _agents.Values.All(holds), TestContext.Current.CancellationToken);

    private sealed class ThreadLink(MembershipAgentTests test, string name) : IMembershipLink
    {
        // A message that was sent arrives, also when its sender has ended meanwhile: a farewell is one.
        public void Send(string address, ReadOnlyMemory<byte> message)
        {
            if (test._agents.ContainsKey(name))
            {
                ThreadPool.QueueUserWorkItem(_ => test._agents.GetValueOrDefault(address)?.Receive(message.Span));
            }
        }
    }
}
