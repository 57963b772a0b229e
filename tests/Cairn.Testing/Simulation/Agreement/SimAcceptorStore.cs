using Cairn.Cluster.Agreement;

namespace Cairn.Testing.Simulation.Agreement;

/// <summary>Keeps the bytes of a state; a failing save may have saved or not.</summary>
internal sealed class SimAcceptorStore(World world) : IAcceptorStore
{
    private byte[]? _saved;
    private bool _isDead;

    public bool IsFailing { get; set; } = true;

    /// <summary>What the next process of the node finds. The one that had this store saves nothing any more.</summary>
    public SimAcceptorStore Crash()
    {
        _isDead = true;
        return new SimAcceptorStore(world) { _saved = _saved, IsFailing = IsFailing };
    }

    /// <summary>What a new machine in the node's place finds: nothing.</summary>
    public SimAcceptorStore Replace()
    {
        _isDead = true;
        return new SimAcceptorStore(world) { IsFailing = IsFailing };
    }

    public ValueTask<AcceptorState?> LoadAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(_saved is null ? null : AgreementCodec.DecodeState(_saved));

    public async ValueTask SaveAsync(AcceptorState state, CancellationToken cancellationToken)
    {
        await world.DelayAsync(world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(5)));
        bool fails = _isDead || (IsFailing && world.Random.Chance(0.05));
        if (!fails || (!_isDead && world.Random.Chance(0.5)))
        {
            _saved = AgreementCodec.Encode(state);
        }

        if (fails)
        {
            throw new IOException("The drives failed.");
        }
    }
}
