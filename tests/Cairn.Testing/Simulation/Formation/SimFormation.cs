using Cairn.Cluster.Agreement;
using Cairn.Cluster.Topology;
using Cairn.Objects.Formation;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Objects.Rebalance;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Agreement;

namespace Cairn.Testing.Simulation.Formation;

/// <summary>Nodes that start, die and start again until each has a layout, over the network of SimAgreement.</summary>
internal sealed class SimFormation
{
    private readonly World _world;
    private readonly SimAgreement _network;
    private readonly string[] _names;
    private readonly NodeDescription[] _descriptions;
    private readonly bool[] _isUp;
    private readonly Candidates[] _candidates;
    private readonly int _founders;

    /// <param name="world">Its seed decides the run.</param>
    /// <param name="nodes">That form the store.</param>
    /// <param name="drivesPerNode">Of each.</param>
    /// <param name="guests">Further nodes, which are started with the endpoints of all; the others do not know of them.</param>
    public SimFormation(World world, int nodes, int drivesPerNode, int guests = 0)
    {
        _world = world;
        _founders = nodes;
        _network = new SimAgreement(world, nodes + guests);
        _names = [.. Enumerable.Range(1, nodes + guests).Select(i => $"node{i}:9000")];
        _descriptions =
        [
            .. _names.Select((name, node) => new NodeDescription(
                name, ArgumentsOf(node < nodes ? nodes : nodes + guests), NewDrives(drivesPerNode))),
        ];
        _isUp = new bool[nodes + guests];
        _candidates = [.. _names.Select(_ => new Candidates(world.Root.Time))];
    }

    public IReadOnlyList<NodeDescription> Descriptions => _descriptions;

    /// <summary>What nodes said they were waiting for.</summary>
    public List<string> Waits { get; } = [];

    /// <summary>Who told whom that it would like to be part of the store.</summary>
    public HashSet<(int From, int To)> Introductions { get; } = [];

    /// <summary>For changes of the layout, of nodes that have started, by number.</summary>
    public Dictionary<int, ILayoutRegister> Registers { get; } = [];

    /// <summary>Of nodes that have started, by number.</summary>
    public Dictionary<int, LayoutWatch> Watches { get; } = [];

    /// <summary>Nodes whose drives took the places of others at their last start.</summary>
    public HashSet<int> Successors { get; } = [];

    public void Heal() => _network.Heal();

    /// <summary>Its command line from now on.</summary>
    public void Describe(int node, NodeDescription description) => _descriptions[node] = description;

    /// <summary>An empty drive in the place of one.</summary>
    public DriveId ReplaceDrive(int node, int position)
    {
        DriveId[] drives = [.. _descriptions[node].Drives];
        drives[position] = DriveId.New(_world.Root.Entropy);
        _descriptions[node] = _descriptions[node] with { Drives = drives };
        return drives[position];
    }

    /// <summary>An empty drive beside those that a node has.</summary>
    public DriveId AddDrive(int node)
    {
        DriveId added = DriveId.New(_world.Root.Entropy);
        _descriptions[node] = _descriptions[node] with { Drives = [.. _descriptions[node].Drives, added] };
        return added;
    }

    /// <summary>What the server does on a node that has more drives than the layout.</summary>
    public Task ProposeAsync(int node, Func<StoreLayout> layout, CancellationToken stop) =>
        new DriveProposal(new Nodes(this, node), _descriptions[node], _world.Root.Time).RunAsync(layout, stop);

    public LayoutAdministration AdministrationOf(int node) => new(Registers[node], _candidates[node]);

    /// <summary>A new machine with empty drives in the place of a node.</summary>
    public void ReplaceNode(int node)
    {
        _network.Forget(node);
        _descriptions[node] = _descriptions[node] with { Drives = NewDrives(_descriptions[node].Drives.Count) };
    }

    /// <summary>Starts a node and waits for its layout, or (null) until it is stopped by the token.</summary>
    public async Task<StoreLayout?> StartAsync(int node, CancellationToken stop)
    {
        SimProcess process = new(_world, _names[node]);
        _isUp[node] = true;
        try
        {
            FormedLayout formed = await LayoutFormation.RunAsync(
                new Nodes(this, node), _network.AcceptorOf(node), (null, null), EnvironmentOf(process), Waits.Add, stop);
            Watches[node] = formed.Watch;
            Registers[node] = formed.Register;
            _ = formed.HasTakenPlaces ? Successors.Add(node) : Successors.Remove(node);
            return formed.Layout;
        }
        catch (OperationCanceledException)
        {
            _isUp[node] = false;
            return null;
        }
        catch (IOException)
        {
            // Its drives failed: the process ends, and somebody starts it again.
            return await StartAsync(node, stop);
        }
    }

    private static StoreEnvironment EnvironmentOf(SimProcess process) => new(process.Time, process.Entropy, process.Work);

    private ClusterArguments ArgumentsOf(int nodes) => new([.. _names.Take(nodes).Select(name => $"http://{name}/data")], []);

    private DriveId[] NewDrives(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => DriveId.New(_world.Root.Entropy))];

    private sealed class Nodes(SimFormation formation, int self) : IFormationNodes
    {
        public int Count => Names.Count;

        public int Self => self;

        public IReadOnlyList<string> Names { get; } =
            self < formation._founders ? formation._names[..formation._founders] : formation._names;

        public async ValueTask<AgreementReply?> AskAsync(
            int node, AgreementRequest request, CancellationToken cancellationToken) =>
            formation._isUp[node] ? await formation._network.AskAsync(node, request, cancellationToken) : null;

        public async ValueTask<IReadOnlyList<string>> GetVotersAsync(int node, CancellationToken cancellationToken)
        {
            if (node != self && !formation._isUp[node])
            {
                return [];
            }

            AcceptorState? state = await formation._network.AcceptorOf(node).GetStateAsync(cancellationToken);
            return state is { Document.Version: > 0 } ? LayoutCodec.Decode(state.Document.Content).Voters : [];
        }

        public ValueTask IntroduceAsync(int node, CancellationToken cancellationToken)
        {
            formation.Introductions.Add((self, node));
            formation._candidates[node].Note(formation._descriptions[self]);
            return ValueTask.CompletedTask;
        }

        public ValueTask<NodeStanding?> GetStandingAsync(int node, long epoch, CancellationToken cancellationToken) => default;

        public async ValueTask<NodeDescription?> DescribeAsync(int node, CancellationToken cancellationToken)
        {
            await formation._world.DelayAsync(formation._world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(20)));
            return node == self || formation._isUp[node] ? formation._descriptions[node] : null;
        }
    }
}
