using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership.Detection;

/// <summary>A question to one member, from the first ping to the verdict.</summary>
/// <remarks>
/// Each ping has its own sequence number: an answer then says which ping it answers, and the round trip is exact (Karn).
/// </remarks>
internal sealed class Probe(Member target, uint sequence, TimeSpan sentAt, TimeSpan timeout)
{
    private uint _secondSequence;
    private TimeSpan _secondSentAt;

    public Member Target => target;

    /// <summary>Given to the first answer; the indirect ones get twice that.</summary>
    public TimeSpan Timeout => timeout;

    public TimeSpan NextStep { get; private set; } = sentAt + timeout;

    public bool IsSecondStage { get; private set; }

    /// <summary>Of the requests to the helpers.</summary>
    public uint RequestSequence { get; private set; }

    /// <summary>Who was asked to try.</summary>
    public HashSet<NodeId> Helpers { get; } = [];

    /// <summary>Helpers that have not answered at all.</summary>
    public HashSet<NodeId> SilentHelpers { get; } = [];

    /// <summary>A helper got an answer.</summary>
    public bool IsReachedByOthers { get; set; }

    /// <summary>No answer came in time: the second ping and the requests go out now.</summary>
    public void BeginSecondStage(uint pingSequence, uint requestSequence, TimeSpan now, IReadOnlyList<Member> helpers)
    {
        IsSecondStage = true;
        _secondSequence = pingSequence;
        _secondSentAt = now;
        RequestSequence = requestSequence;
        Helpers.UnionWith(helpers.Select(helper => helper.Id));
        SilentHelpers.UnionWith(helpers.Select(helper => helper.Id));
        NextStep = now + (2 * timeout);
    }

    /// <summary>When the ping of this number was sent; null when it is none of this probe's.</summary>
    public TimeSpan? FindSentAt(uint pingSequence) =>
        pingSequence == sequence ? sentAt
        : IsSecondStage && pingSequence == _secondSequence ? _secondSentAt
        : null;
}
