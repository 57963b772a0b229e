using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cairn.Cluster.Membership;
using Cairn.Cluster.Membership.Links;
using Cairn.Cluster.Topology;
using Cairn.Cluster.Transport;
using Cairn.Objects;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Cairn.Server.Diagnostics;
using Cairn.Server.Options;

namespace Cairn.Server.Composition;

/// <summary>This node as a member among others, and what the store makes of what it learns.</summary>
/// <remarks>
/// Steps: (1) made before the cluster port listens; (2) started with the links; (3) the store is told whom to doubt, from
/// its opening on; (4) leaves, while it still answers.
/// Invariant: membership is a hint. The drives of a doubted node are asked last, and only quorums refuse anything.
/// Concurrency: changes come one at a time.
/// </remarks>
internal sealed class NodeMembership : IMembershipObserver, IDisposable
{
    private readonly MembershipLog _log;
    private readonly TopologyNode _own;
    private volatile Follower? _follower;

    /// <param name="model">Pace and topology.</param>
    /// <param name="own">This node.</param>
    /// <param name="environment">Time and chance.</param>
    /// <param name="log">Where changes are written.</param>
    public NodeMembership(ServerModel model, TopologyNode own, StoreEnvironment environment, MembershipLog log) // (1)
    {
        _log = log;
        _own = own;
        string scheme = model.Certificate is null ? "http" : "https";
        LocalMember self = new()
        {
            Id = IdOf(own),
            Address = AddressOf(own).ToString(),
            PublicAddress = $"{scheme}://{own.Name}",
            ProgramVersion = ProgramVersion.Text,
            Seeds = [.. model.Topology.Nodes.Select(node => AddressOf(node).ToString())],
        };
        Agent = new MembershipAgent(model.Membership, self, Links, this, environment.Time, environment.Entropy);
        Links.Bind(Agent);
    }

    public MembershipAgent Agent { get; }

    /// <summary>Has a link for every other node, those of the arguments before the agent starts, and is served to them.</summary>
    public LinkedMembership Links { get; } = new();

    /// <summary>Where a node is reached, which is also what membership knows it by.</summary>
    public static NodeAddress AddressOf(TopologyNode node) => new(node.Host, node.ClusterPort);

    /// <summary>The same of a node that only the layout names: its cluster port lies where all have theirs.</summary>
    public static NodeAddress AddressOf(string name)
    {
        int colon = name.LastIndexOf(':');
        int port = int.Parse(name.AsSpan(colon + 1), CultureInfo.InvariantCulture);
        return new NodeAddress(name[..colon].Trim('[', ']'), port + TopologyLimits.ClusterPortOffset);
    }

    /// <summary>From now on the store hears whose drives to doubt.</summary>
    public void Follow(ObjectStore store, Func<StoreLayout> layout) // (3)
    {
        _follower = new Follower(store, layout);
        Apply(_follower);
    }

    public void OnChange(MembershipChange change)
    {
        _log.OnChange(change);
        if (_follower is { } follower)
        {
            Apply(follower);
        }
    }

    public void Dispose() => Agent.Dispose();

    // A node keeps its id over restarts and replaced drives, and needs no place to keep it in: its name is its own.
    private static NodeId IdOf(TopologyNode node) =>
        NodeId.Read(SHA256.HashData(Encoding.UTF8.GetBytes(node.Name)).AsSpan(0, NodeId.Size));

    private void Apply(Follower follower)
    {
        MembershipView view = Agent.View;
        LayoutDrive[] drives = [.. follower.Layout().Drives.Where(drive => drive.Duty != LayoutDuty.Left)];
        HashSet<string> doubted =
        [
            .. drives.Select(drive => drive.Node).Distinct(StringComparer.Ordinal).Where(
                node => node != _own.Name && IsDoubtful(view.FindAt(AddressOf(node).ToString()))),
        ];
        follower.Store.SetDoubted([.. drives.Where(drive => doubted.Contains(drive.Node)).Select(drive => drive.Id)]);
    }

    // Who was never heard of may be about to appear; who leaves is spared what it could not finish.
    private static bool IsDoubtful(MemberView? member) =>
        member is { IsSuspect: true } or { State: NodeState.Failed or NodeState.Leaving };

    private sealed record Follower(ObjectStore Store, Func<StoreLayout> Layout);
}
