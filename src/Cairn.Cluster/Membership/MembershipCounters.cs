using Cairn.Cluster.Membership.Messages;

namespace Cairn.Cluster.Membership;

/// <summary>Counts messages.</summary>
internal sealed class MembershipCounters
{
    private readonly long[] _sent = new long[Enum.GetValues<MessageKind>().Length + 1];
    private readonly long[] _received = new long[Enum.GetValues<MessageKind>().Length + 1];
    private readonly long[] _refused = new long[Enum.GetValues<MessageRefusal>().Length];

    public long Refutations { get; set; }

    public void CountSent(MessageKind kind) => _sent[(int)kind]++;

    public void CountReceived(MessageKind kind) => _received[(int)kind]++;

    public void CountRefused(MessageRefusal reason) => _refused[(int)reason]++;

    public long GetRefused(MessageRefusal reason) => _refused[(int)reason];

    public SortedDictionary<string, long> GetSent() => ByKind(_sent);

    public SortedDictionary<string, long> GetReceived() => ByKind(_received);

    public SortedDictionary<string, long> GetRefused() => new(
        Enum.GetValues<MessageRefusal>().Skip(1).ToDictionary(reason => reason.ToString(), reason => _refused[(int)reason]),
        StringComparer.Ordinal);

    private static SortedDictionary<string, long> ByKind(long[] counts) => new(
        Enum.GetValues<MessageKind>().ToDictionary(kind => kind.ToString(), kind => counts[(int)kind]),
        StringComparer.Ordinal);
}
