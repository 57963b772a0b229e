using Cairn.Cluster.Membership;
using Cairn.Cluster.Membership.Links;
using Cairn.Cluster.Security;
using Cairn.Cluster.Transport;
using Cairn.Cluster.Transport.Sockets;
using Cairn.Primitives.Ids;
using Cairn.Testing.Links;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cairn.UnitTests.Cluster.Membership;

/// <remarks>
/// Method: three nodes as a server composes them, on real sockets of this machine; one closes its port and its links.
/// What becomes of lost and cut connections is tested in the simulation.
/// </remarks>
public sealed class LinkedMembershipTests : IAsyncDisposable
{
    private const int Count = 3;
    private static readonly ClusterSecurity Security = ClusterSecurity.WithSecret(TcpEnds.Secret);

    private readonly List<SocketNode> _nodes = [];

    [Fact]
    public async Task Nodes_on_real_sockets_find_each_other_and_suspect_who_goes_silent()
    {
        TcpNodeListener[] listeners = [.. Enumerable.Range(0, Count).Select(_ => TcpEnds.Listen(Security, Refusals()))];
        NodeAddress[] addresses = [.. listeners.Select(listener => new NodeAddress("127.0.0.1", listener.EndPoint.Port))];
        _nodes.AddRange(listeners.Select(listener => SocketNode.Start(listener, addresses)));

        await AwaitAsync(_nodes, node => node.Agent.View.Members.Count(member => member.State == NodeState.Active) == Count);

        SocketNode gone = _nodes[0];
        await gone.DisposeAsync();
        await AwaitAsync(_nodes.Skip(1), node => node.Agent.View.Find(gone.Id) is { IsSuspect: true });
        Assert.All(_nodes.Skip(1), node => Assert.Equal(0, node.Agent.GetStatus().Refused["Malformed"]));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SocketNode node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static RefusalLog Refusals() => new(TimeProvider.System, NullLogger.Instance);

    private static Task AwaitAsync(IEnumerable<SocketNode> nodes, Func<SocketNode, bool> holds) => ChangeSignal.AwaitAsync(
        [.. nodes.Select(node => node.Signal)], () => nodes.All(holds), TestContext.Current.CancellationToken);

    private sealed class SocketNode : IAsyncDisposable
    {
        private readonly NodeServer _server;
        private readonly NodeLink[] _links;

        private SocketNode(NodeId id, NodeServer server, NodeLink[] links, MembershipAgent agent, ChangeSignal signal)
        {
            Id = id;
            _server = server;
            _links = links;
            Agent = agent;
            Signal = signal;
        }

        public NodeId Id { get; }

        public MembershipAgent Agent { get; }

        public ChangeSignal Signal { get; }

        public static SocketNode Start(TcpNodeListener listener, NodeAddress[] addresses)
        {
            string own = new NodeAddress("127.0.0.1", listener.EndPoint.Port).ToString();
            TransportParts parts = LinkEnds.Parts(own);
            var linked = new LinkedMembership();
            NodeLink[] links =
            [
                .. addresses.Where(address => address.ToString() != own)
                    .Select(address => new NodeLink(address, new TcpTransport(Security, new TcpOptions()), parts)),
            ];
            var signal = new ChangeSignal();
            var self = new LocalMember
            {
                Id = NodeId.New(parts.Entropy),
                Address = own,
                Seeds = [.. addresses.Select(address => address.ToString())],
            };
            var agent = new MembershipAgent(new MembershipOptions(), self, linked, signal, parts.Time, parts.Entropy);
            linked.Bind(agent);
            var server = new NodeServer(parts, listener, [linked], Refusals());
            foreach (NodeLink link in links)
            {
                linked.Add(link.Address.ToString(), link);
            }

            server.Start();
            Array.ForEach(links, link => link.Start());
            agent.Start();
            agent.Activate();
            return new SocketNode(self.Id, server, links, agent, signal);
        }

        public async ValueTask DisposeAsync()
        {
            Agent.Dispose();
            await _server.DisposeAsync();
            foreach (NodeLink link in _links)
            {
                await link.DisposeAsync();
            }
        }
    }
}
