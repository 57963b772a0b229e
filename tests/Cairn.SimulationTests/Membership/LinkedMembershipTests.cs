using Cairn.Cluster.Membership;
using Cairn.Cluster.Transport;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Members;
using Cairn.Testing.Simulation.Network;
using Xunit;

namespace Cairn.SimulationTests.Membership;

/// <summary>Membership over the production links, as a node composes it: connections break, hang and come back.</summary>
public sealed class LinkedMembershipTests
{
    private const int Count = 4;

    [Fact]
    public void Nodes_agree_and_a_killed_one_is_suspected_within_a_second_and_returns() => Run(30, async s =>
    {
        await s.AwaitAsync("all agree", TimeSpan.FromSeconds(10), s.Agree);
        LinkedMember victim = s.World.Random.Pick(s.Members);
        victim.Kill();
        TimeSpan suspected = await s.AwaitAsync(
            "all others suspect it",
            TimeSpan.FromSeconds(1),
            () => s.Up.All(member => member.View.Find(victim.Id) is { IsSuspect: true }));
        Measured.Add("killed node suspected at all, over links", suspected);
        await s.AwaitAsync(
            "it is failed at all others",
            TimeSpan.FromSeconds(20),
            () => s.Up.All(member => member.View.Find(victim.Id) is { State: NodeState.Failed }));
        await victim.StartAsync();
        Measured.Add(
            "restarted node is back, over links", await s.AwaitAsync("all agree again", TimeSpan.FromSeconds(10), s.Agree));
    });

    [Fact]
    public void Two_halves_find_together_again_when_their_connections_do() => Run(20, async s =>
    {
        await s.AwaitAsync("all agree", TimeSpan.FromSeconds(10), s.Agree);
        foreach (LinkedMember left in s.Members.Take(2))
        {
            foreach (LinkedMember right in s.Members.Skip(2))
            {
                s.Network.Faults.CutBoth(left.Address, right.Address);
            }
        }

        await s.AwaitAsync(
            "each half has failed the other",
            TimeSpan.FromSeconds(45),
            () => s.Up.All(member => member.View.Members.Count(seen => seen.State == NodeState.Failed) == 2));
        await s.World.DelayAsync(s.World.Random.Between(TimeSpan.Zero, TimeSpan.FromMinutes(2)));
        s.Network.Faults.MendAll();
        // The pause between tries to connect and the time given to each of them are the larger part.
        Measured.Add(
            "agreement after a partition, over links",
            await s.AwaitAsync("all agree again", TimeSpan.FromSeconds(20), s.Agree));
    });

    private static void Run(int seeds, Func<Scene, Task> scenario) => Sweep.Pass((ulong)seeds, seed =>
    {
        var world = new World(seed);
        var scene = new Scene(world);
        world.Run(async () =>
        {
            foreach (LinkedMember member in scene.Members)
            {
                await member.StartAsync();
            }

            await scenario(scene);
        });
    });

    private sealed class Scene
    {
        private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

        public Scene(World world)
        {
            World = world;
            Network = new SimNetwork(world);
            NodeAddress[] all = [.. Enumerable.Range(1, Count).Select(number => new NodeAddress("node" + number, 9002))];
            Members = [.. Enumerable.Range(0, Count).Select(index => new LinkedMember(world, Network, all, index))];
        }

        public World World { get; }

        public SimNetwork Network { get; }

        public IReadOnlyList<LinkedMember> Members { get; }

        public IEnumerable<LinkedMember> Up => Members.Where(member => member.IsUp);

        public bool Agree() => Up.All(observer => Up.All(subject =>
            observer.View.Find(subject.Id) is { IsRoutable: true } seen && seen.Run == subject.View.Self.Run));

        public async Task<TimeSpan> AwaitAsync(string what, TimeSpan limit, Func<bool> holds)
        {
            TimeSpan start = World.Now;
            while (!holds())
            {
                if (World.Now - start > limit)
                {
                    throw World.Fail($"After {limit} not so: {what}.");
                }

                await World.DelayAsync(Look);
            }

            return World.Now - start;
        }
    }
}
