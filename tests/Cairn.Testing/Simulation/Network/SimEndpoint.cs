namespace Cairn.Testing.Simulation.Network;

/// <summary>An address that a process listens at.</summary>
/// <param name="Process">What arrives runs there; with its death the address falls silent.</param>
/// <param name="Receive">Takes the sender's address and a packet of its own.</param>
internal sealed record SimEndpoint(SimProcess Process, Action<string, ReadOnlyMemory<byte>> Receive)
{
    // What an operating system keeps for a process that does not read.
    private const int BacklogLimit = 1_000;

    private int _waiting;

    /// <summary>Hands a packet over, or drops it because too many wait already.</summary>
    public bool TryPost(string from, ReadOnlyMemory<byte> packet)
    {
        if (_waiting >= BacklogLimit)
        {
            return false;
        }

        _waiting++;
        Process.Post(
            _ =>
            {
                _waiting--;
                Receive(from, packet);
            },
            null);
        return true;
    }
}
