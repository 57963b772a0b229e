using Cairn.Cluster.Agreement;
using Cairn.Cluster.Topology;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Objects.Rebalance;
using Cairn.Primitives;
using Cairn.Primitives.Clocks;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Formation;

/// <summary>Brings a node that starts to the layout that all nodes agree on; at the very first start it is made.</summary>
/// <remarks>
/// Steps, repeated until they lead to the end: (1) find out who votes, and take part in the agreement if this node does;
/// (2) read the layout; (3) there is none: the first node, once it has heard from all, proposes one with everybody's
/// drives, and the others wait for it; (4) the layout has nothing of this node: it introduces itself, and waits for an
/// administrator; (5) drives of this node that took another one's place take it in the layout as well; (6) no step is left.
/// Invariants: there is one first layout, and every later one follows from its predecessor.
/// Failure: too few nodes, or the first one is missing: the node waits and says for whom. Any crash: the next start goes on
/// from what was agreed.
/// </remarks>
public sealed class LayoutFormation
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly IFormationNodes _nodes;
    private readonly AgreementAcceptor _acceptor;
    private readonly HybridClock _clock;
    private readonly TimeProvider _time;
    private readonly IEntropy _entropy;
    private AgreementEntry? _entry;
    private DocumentAgreement? _agreement;
    private IReadOnlyList<string> _voters = [];
    private readonly Action<string> _waiting;
    private long _version;
    private DeploymentId _deployment;
    private bool _hasTakenPlaces;
    private int _turn;

    private LayoutFormation(
        IFormationNodes nodes, AgreementAcceptor acceptor, TimeProvider time, IEntropy entropy, Action<string> waiting)
    {
        _nodes = nodes;
        _acceptor = acceptor;
        _clock = new HybridClock(time, entropy);
        _time = time;
        _entropy = entropy;
        _waiting = waiting;
    }

    /// <summary>Wished for the first layout; null: by its width.</summary>
    private (int? Standard, int? Reduced) Parity { get; init; }

    /// <param name="nodes">All nodes.</param>
    /// <param name="acceptor">Of this node.</param>
    /// <param name="parity">Wished for STANDARD and REDUCED_REDUNDANCY; null: by the width.</param>
    /// <param name="environment">Time and chance of this node.</param>
    /// <param name="waiting">Told, again and again, what the node is waiting for: the end of "waiting for ".</param>
    /// <param name="cancellationToken">Gives up; what was agreed stays.</param>
    /// <exception cref="FormationException">The nodes contradict each other.</exception>
    /// <exception cref="IOException">This node's drives failed.</exception>
    public static async Task<FormedLayout> RunAsync(
        IFormationNodes nodes,
        AgreementAcceptor acceptor,
        (int? Standard, int? Reduced) parity,
        StoreEnvironment environment,
        Action<string> waiting,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(acceptor);
        ArgumentNullException.ThrowIfNull(environment);
        (TimeProvider time, IEntropy entropy, _) = environment;
        LayoutFormation formation = new(nodes, acceptor, time, entropy, waiting) { Parity = parity };
        while (true)
        {
            if (await formation.TryStepAsync(cancellationToken) is { } layout)
            {
                VoterEntry entry = new(nodes.Names[nodes.Self], formation._entry!, layout);
                LayoutWatch watch = new(formation._agreement!, formation._version, entry, time);
                AgreedLayout register = new(formation._agreement!, nodes);
                return new FormedLayout(formation._deployment, layout, watch, register, formation._hasTakenPlaces);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async ValueTask<StoreLayout?> TryStepAsync(CancellationToken cancellationToken)
    {
        NodeDescription?[] known = await DescribeAllAsync(cancellationToken);
        IReadOnlyList<string> voters = await FindVotersAsync(cancellationToken); // (1)
        if (voters.Count == 0)
        {
            RefuseDifferences(known, static _ => false, isFormed: false);
        }

        await MeetAsync(voters.Count > 0 ? voters : _nodes.Names, cancellationToken);
        if (_voters.Contains(_nodes.Names[_nodes.Self]) && !await _entry!.TryEnterAsync(cancellationToken))
        {
            _turn++;
            return Wait(known, "to learn what was agreed");
        }

        if (await _agreement!.ReadAsync(cancellationToken) is not { } agreed) // (2)
        {
            _turn++;
            return Wait(known, "to be a majority");
        }

        if (agreed.Version == 0)
        {
            return await TryBeginAsync(known, cancellationToken); // (3)
        }

        StoreLayout layout = Decode(agreed);
        NodeDescription self = known[_nodes.Self]!;
        RefuseDifferences(known, endpoint => !IsOfStore(layout, endpoint), isFormed: true);
        if (!layout.HasNode(self.Name))
        {
            await IntroduceAsync(cancellationToken); // (4)
            return null;
        }

        StoreLayout taken = TakePlaces(layout, self.Name, self.Drives);
        _version = agreed.Version;
        _deployment = agreed.Deployment;
        if (taken.Epoch == layout.Epoch)
        {
            return layout; // (6)
        }

        AgreedDocument next = new(agreed.Deployment, agreed.Version + 1, LayoutCodec.Encode(taken)); // (5)
        _hasTakenPlaces = true;
        ChangeResult result = await _agreement!.TryChangeAsync(next, cancellationToken);
        _version = next.Version;
        return result.Outcome == ChangeOutcome.Changed ? taken : null;
    }

    private async ValueTask<StoreLayout?> TryBeginAsync(NodeDescription?[] known, CancellationToken cancellationToken)
    {
        if (_nodes.Self != 0)
        {
            return Wait(known, "to form the store", _nodes.Names[0]);
        }

        if (known.Any(node => node is null))
        {
            return Wait(known, "to form the store, which takes all nodes");
        }

        StoreLayout layout;
        try
        {
            layout = LayoutPlanner.PlanFirst(
                [.. known.SelectMany(node => node!.Drives.Select(drive => new LayoutDrive(drive, node.Name)))],
                Parity.Standard,
                Parity.Reduced);
        }
        catch (ArgumentException unfit)
        {
            throw new FormationException(unfit.Message);
        }

        AgreedDocument first = new(DeploymentId.New(_entropy), 1, LayoutCodec.Encode(layout));
        // Whoever else came first is read in the next round.
        _ = await _agreement!.TryChangeAsync(first, cancellationToken);
        return null;
    }

    private async ValueTask<NodeDescription?[]> DescribeAllAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(Enumerable.Range(0, _nodes.Count).Select(
            node => _nodes.DescribeAsync(node, cancellationToken).AsTask()));

    // What this node has accepted tells it; one that is new, or was emptied, asks the others. Who was away for long may know
    // of voters that are gone: then what others say is tried in turn.
    private async ValueTask<IReadOnlyList<string>> FindVotersAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> own = await _nodes.GetVotersAsync(_nodes.Self, cancellationToken);
        if (own.Count > 0 && _turn == 0)
        {
            return own;
        }

        IReadOnlyList<string>[] told = await Task.WhenAll(Enumerable.Range(0, _nodes.Names.Count).Select(
            node => _nodes.GetVotersAsync(node, cancellationToken).AsTask()));
        IReadOnlyList<string>[] different =
            [.. told.Prepend(own).Where(voters => voters.Count > 0).DistinctBy(voters => string.Join(' ', voters))];
        return different.Length == 0 ? [] : different[_turn % different.Length];
    }

    private async ValueTask MeetAsync(IReadOnlyList<string> voters, CancellationToken cancellationToken)
    {
        if (_agreement is not null && _voters.SequenceEqual(voters, StringComparer.Ordinal))
        {
            return;
        }

        _voters = [.. voters];
        VotingPeers peers = new(_nodes, _voters);
        AcceptorState? held = await _acceptor.GetStateAsync(cancellationToken);
        _agreement = new DocumentAgreement(peers, _clock, _time, _entropy, held?.Document.Deployment ?? default);
        _entry = new AgreementEntry(_acceptor, peers, _nodes.Names[_nodes.Self], _clock, _time, _entropy);
    }

    private async ValueTask IntroduceAsync(CancellationToken cancellationToken)
    {
        await DriveProposal.TellAsync(_nodes, cancellationToken);
        _waiting("an administrator to take this node into the store, which was formed without it: see cairn admin layout plan");
    }

    // A store that is formed knows its nodes by its layout. More endpoints than others were given propose something, and
    // those of nodes that have left are history.
    private static bool IsOfStore(StoreLayout layout, string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address)
        && layout.HasNode(Endpoint.FormatAddress(address.Host.Trim('[', ']'), address.Port));

    private void RefuseDifferences(NodeDescription?[] known, Func<string, bool> isSetAside, bool isFormed)
    {
        NodeDescription self = known[_nodes.Self]!;
        foreach (NodeDescription other in known.OfType<NodeDescription>())
        {
            bool isProposal = isFormed && self.Arguments.AreNested(other.Arguments, isSetAside);
            ClusterArguments own = isProposal ? self.Arguments.WithEndpointsOf(other.Arguments) : self.Arguments;
            IReadOnlyList<string> differences = own.FindDifferences(other.Arguments, self.Name, other.Name);
            if (differences.Count > 0)
            {
                throw new FormationException(
                    $"{other.Name} was started with other arguments. {string.Join(" ", differences)} Start all nodes with the same.");
            }
        }
    }

    /// <summary>Gives the places of a node's drives that are gone to its drives that are new.</summary>
    internal static StoreLayout TakePlaces(StoreLayout layout, string node, IReadOnlyList<DriveId> present)
    {
        // Several replaced at once may be paired in any way: what the lost ones held is rebuilt from the others anyhow.
        LayoutDrive[] own = [.. layout.Drives.Where(drive => drive.Node == node && drive.Duty != LayoutDuty.Left)];
        LayoutDrive[] gone = [.. own.Where(drive => !present.Contains(drive.Id))];
        DriveId[] fresh = [.. present.Where(id => !layout.HasHad(id))];
        RefuseStrangers(layout, node, present);
        if (fresh.Length < gone.Length)
        {
            throw new FormationException(
                $"The store was formed with {own.Length} drives on {node}, and this "
                + $"node has {present.Count}. Start it with the drives it was formed with.");
        }

        // Those that are left over are nobody's successors: an administrator may take them in (DriveProposal).
        foreach ((LayoutDrive former, DriveId id) in gone.Zip(fresh))
        {
            layout = layout.ReplaceDrive(former.Id, former with { Id = id });
        }

        return layout;
    }

    // Not only that the place is another one's: it would vote with what it held at another time, or for another place.
    private static void RefuseStrangers(StoreLayout layout, string node, IReadOnlyList<DriveId> present)
    {
        foreach (DriveId id in present)
        {
            if (layout.Former.Any(former => former.Id == id))
            {
                throw new FormationException(
                    $"Drive {id} on {node} was replaced by another one and does not belong to the store any more. "
                    + "Bring back the drive that took its place, or empty this one to use it as a new one.");
            }

            if (layout.Drives.FirstOrDefault(drive => drive.Id == id) is { } known && known.Node != node)
            {
                throw new FormationException($"Drive {id} on {node} belongs to {known.Node}. Put it back there.");
            }
        }
    }

    // While nobody is missing, it is on those who are there.
    private StoreLayout? Wait(NodeDescription?[] known, string why, string onWhom = "the other nodes")
    {
        string[] missing = [.. _nodes.Names.Where((_, node) => known[node] is null)];
        _waiting($"{(missing.Length == 0 ? onWhom : string.Join(", ", missing))} {why}");
        return null;
    }

    internal static StoreLayout Decode(AgreedDocument agreed)
    {
        try
        {
            return LayoutCodec.Decode(agreed.Content);
        }
        catch (InvalidDataException damage)
        {
            throw new FormationException(damage.Message);
        }
    }
}
