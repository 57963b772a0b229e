using Cairn.Cluster.Membership;
using Cairn.Cluster.Membership.Links;
using Cairn.Cluster.Transport;
using Cairn.Primitives.Ids;
using Cairn.Testing.Links;
using Cairn.Testing.Simulation.Network;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Testing.Simulation.Members;

/// <summary>A node of production links, server and membership on the simulated network of connections.</summary>
internal sealed class LinkedMember(World world, SimNetwork network, IReadOnlyList<NodeAddress> all, int index)
{
    private int _starts;

    public NodeAddress Address => all[index];

    public NodeId Id { get; } = NodeId.New(new SimEntropy(SimRandom.Named(world.Seed, "id of " + all[index])));

    public SimProcess Process { get; private set; } = new(world, $"{all[index]} unborn");

    public MembershipAgent? Agent { get; private set; }

    public bool IsUp { get; private set; }

    public MembershipView View => Agent!.View;

    public async Task StartAsync()
    {
        Process = new SimProcess(world, $"{Address}#{++_starts}");
        SimProcess process = Process;
        await process.RunAsync(() =>
        {
            TransportParts parts = LinkEnds.Parts(process) with
            {
                Identity = NodeIdentity.New(Address.ToString(), process.Entropy),
            };
            var linked = new LinkedMembership();
            NodeLink[] links =
            [
                .. all.Where(address => address != Address)
                    .Select(address => new NodeLink(address, network.TransportOf(process, Address), parts)),
            ];
            var agent = new MembershipAgent(
                new MembershipOptions(),
                new LocalMember { Id = Id, Address = Address.ToString(), Seeds = [.. all.Select(address => address.ToString())] },
                linked,
                observer: null,
                process.Time,
                process.Entropy);
            linked.Bind(agent);
            foreach (NodeLink link in links)
            {
                linked.Add(link.Address.ToString(), link);
            }

            new NodeServer(
                parts, network.Listen(Address), [linked], new RefusalLog(process.Time, NullLogger.Instance)).Start();
            Array.ForEach(links, link => link.Start());
            agent.Start();
            agent.Activate();
            Agent = agent;
            return Task.CompletedTask;
        });
        IsUp = true;
    }

    /// <summary>kill -9: the operating system ends its connections.</summary>
    public void Kill()
    {
        IsUp = false;
        Process.Kill();
        network.Disconnect(Address);
    }
}
