namespace Cairn.UnitTests.Testing.Toy;

/// <summary>One round of messages to all replicas, and the answers that have come so far.</summary>
internal sealed class ToyCall(int replicas)
{
    private readonly ToyReply?[] _replies = new ToyReply?[replicas];

    public int Count { get; private set; }

    public int OkCount { get; private set; }

    public long HighestRefusal => _replies.Max(r => r is { IsOk: false } ? r.Highest : 0);

    public bool IsRefusedByAll => Count == _replies.Length && OkCount == 0;

    public IEnumerable<ToyReply> Granted => _replies.Where(r => r is { IsOk: true })!;

    public void Answer(int replica, ToyReply reply)
    {
        if (_replies[replica] is null)
        {
            _replies[replica] = reply;
            Count++;
            OkCount += reply.IsOk ? 1 : 0;
        }
    }
}
