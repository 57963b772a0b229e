using Cairn.Cluster.Transport;

namespace Cairn.Testing.Simulation.Network;

/// <summary>Where a process of a world takes connections.</summary>
internal sealed class SimListener(SimNetwork network, NodeAddress address) : INodeListener
{
    private readonly Queue<SimConnection> _offered = new();
    private TaskCompletionSource? _wanted;
    private bool _isClosed;

    public NodeAddress Address => address;

    public void Offer(SimConnection connection)
    {
        _offered.Enqueue(connection);
        Wake();
    }

    public async ValueTask<IFrameConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (!_isClosed)
        {
            if (_offered.TryDequeue(out SimConnection? connection))
            {
                return connection;
            }

            _wanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await SimConnection.WaitAsync(_wanted, cancellationToken);
        }

        return null;
    }

    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        network.StopListening(this);
        Wake();
        return ValueTask.CompletedTask;
    }

    private void Wake() => _wanted?.TrySetResult();
}
