using System.Globalization;
using System.Text;
using Cairn.Cluster.Agreement;
using Cairn.Primitives.Clocks;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Agreement;

/// <summary>Acceptors behind a network that delays, repeats and loses, and that forget everything they did not save.</summary>
internal sealed class SimAgreement : IAgreementPeers
{
    public static readonly DeploymentId Deployment = new(new Guid("11111111-2222-3333-4444-555555555555"));

    private readonly World _world;
    private readonly SimAcceptorStore[] _stores;
    private readonly AgreementAcceptor[] _acceptors;
    private double _badness = 0.15;

    public SimAgreement(World world, int nodes)
    {
        Founders = nodes;
        _world = world;
        IsDown = new bool[nodes];
        _stores = [.. Enumerable.Range(0, nodes).Select(_ => new SimAcceptorStore(world))];
        _acceptors = [.. _stores.Select(store => new AgreementAcceptor(store))];
    }

    public bool[] IsDown { get; }

    public int Count => _acceptors.Length;

    /// <summary>Those that vote on the first document. What follows says itself who joins (+n;) and leaves (-n;).</summary>
    public int Founders { get; init; }

    /// <summary>No more faults from here on.</summary>
    public void Heal()
    {
        _badness = 0;
        Array.ForEach(_stores, store => store.IsFailing = false);
    }

    /// <summary>Waits until every node votes.</summary>
    public async Task EnterAsync()
    {
        for (int node = 0; node < Founders; node++)
        {
            while (!await TryEnterAsync(node))
            {
                await TravelAsync();
            }
        }
    }

    /// <summary>As the node's process has it now.</summary>
    public AgreementAcceptor AcceptorOf(int node) => _acceptors[node];

    /// <summary>A machine without memory takes the place of a node.</summary>
    public void Forget(int node)
    {
        _stores[node] = _stores[node].Replace();
        _acceptors[node] = new AgreementAcceptor(_stores[node]);
    }

    /// <summary>A machine without memory takes the place of a node, and tries to vote until it may.</summary>
    public async Task ReplaceAsync(int node)
    {
        Forget(node);
        while (!await TryEnterAsync(node))
        {
            await TravelAsync();
        }
    }

    /// <summary>A proposer with a clock of its own, which may be off.</summary>
    public DocumentAgreement Propose(int rival)
    {
        SimProcess process = new(_world, "rival " + rival);
        return new DocumentAgreement(this, new HybridClock(process.Time, process.Entropy), _world.Root.Time, process.Entropy);
    }

    public Electorate ElectorateOf(AgreedDocument document)
    {
        string[] voters = [.. Enumerable.Range(0, Founders).Select(NameOf)];
        string[] former = voters;
        foreach (string step in Encoding.UTF8.GetString(document.Content.Span).Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            former = voters;
            voters = step[0] switch
            {
                '+' => [.. voters.Append(step[1..]).Order(StringComparer.Ordinal)],
                '-' => [.. voters.Where(voter => voter != step[1..])],
                _ => voters,
            };
        }

        return voters == former ? new Electorate(voters) : new Electorate(voters, former);
    }

    public ValueTask<AgreementReply?> AskAsync(
        string voter, AgreementRequest request, CancellationToken cancellationToken) =>
        AskAsync(int.Parse(voter, CultureInfo.InvariantCulture), request, cancellationToken);

    public static string NameOf(int node) => node.ToString(CultureInfo.InvariantCulture);

    public async ValueTask<AgreementReply?> AskAsync(int node, AgreementRequest request, CancellationToken cancellationToken)
    {
        byte[] bytes = AgreementCodec.Encode(request);
        if (_world.Random.Chance(_badness))
        {
            // A copy of the message arrives much later.
            _world.Root.Work.Start(async () =>
            {
                await _world.DelayAsync(_world.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)));
                _ = await DeliverAsync(node, bytes);
            });
        }

        AgreementReply? reply = await DeliverAsync(node, bytes);
        return reply is null ? null : AgreementCodec.DecodeReply(AgreementCodec.Encode(reply));
    }

    /// <summary>What a node does that is to vote and does not yet.</summary>
    public async Task<bool> TryEnterAsync(int node)
    {
        SimProcess process = new(_world, "node " + node);
        HybridClock clock = new(process.Time, process.Entropy);
        try
        {
            return await new AgreementEntry(_acceptors[node], this, NameOf(node), clock, process.Time, process.Entropy)
                .TryEnterAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async ValueTask<AgreementReply?> DeliverAsync(int node, byte[] request)
    {
        await TravelAsync();
        if (_world.Random.Chance(_badness / 3))
        {
            _stores[node] = _stores[node].Crash();
            _acceptors[node] = new AgreementAcceptor(_stores[node]);
        }

        if (IsDown[node] || _world.Random.Chance(_badness))
        {
            return null;
        }

        try
        {
            AgreementReply reply = await _acceptors[node].HandleAsync(AgreementCodec.DecodeRequest(request), CancellationToken.None);
            await TravelAsync();
            return _world.Random.Chance(_badness) ? null : reply;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private Task TravelAsync() => _world.DelayAsync(_world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(20)));
}
