using System.Text;
using Cairn.Cluster.Membership.Detection;
using Cairn.Cluster.Membership.Messages;
using Cairn.Primitives;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

/// <summary>The rules of membership as a state machine: inputs are messages, time and wishes; outputs are messages and changes.</summary>
/// <remarks>
/// Purpose: know who is there and who is silent, without a coordinator and at a cost per node that does not grow with
/// their number.
/// (1) Every probe period one member, in a random round robin, is pinged. (2) Without an answer in time it is pinged
/// again, and some others are asked to ping it. (3) Without any answer it is suspected. (4) The suspicion travels like
/// all news and reaches the suspect too, who denies it with a higher incarnation. (5) Who does not deny in time has
/// failed. (6) News ride on pings and answers and go out in rounds of gossip, a bounded number of times. (7) Every
/// heartbeat period two nodes exchange all they know, which repairs whatever gossip lost. (8) Failed members and seeds
/// that nobody answers for are called for ever, so that two halves of a cluster find each other again.
/// Invariants: what is known of a member only grows in the order (incarnation, run, liveness), which makes merging
/// commutative, associative and idempotent: nodes that exchange everything agree. Only a node itself raises its
/// incarnation. A leaving member is never suspected.
/// Concurrency: one caller at a time. Inputs do nothing but change state; the caller sends what is in Outgoing.
/// Failure: nothing is kept. A restarted node learns its lost incarnation from whoever it meets and goes above it.
/// See: Das, Gupta, Motivala, "SWIM", 2002; Dadgar, Phillips, Currey, "Lifeguard", 2018; docs/design/membership.md.
/// </remarks>
internal sealed partial class MembershipProtocol
{
    // An input that comes so much later than the earliest timer means that this node stood still: nothing that the
    // others failed to do in between may be held against them.
    private static readonly TimeSpan PauseThreshold = TimeSpan.FromMilliseconds(500);

    private readonly MembershipOptions _options;
    private readonly RandomChoice _random;
    private readonly string[] _seeds;
    private readonly Dictionary<NodeId, Member> _members = [];
    private readonly LocalHealth _health = new();
    private readonly NewsQueue _news = new();
    private MemberRecord _self;
    private Guid _cluster;
    private bool _isStarted;
    private uint _sequence;
    private TimeSpan _nextProbe;
    private TimeSpan _nextGossip;
    private TimeSpan _nextHeartbeat;
    private TimeSpan _nextCall;

    public MembershipProtocol(MembershipOptions options, LocalMember self, IEntropy entropy)
    {
        Check.Invariant(options.Validate().Count == 0);
        Check.Invariant(self.Id != default && self.Address.Length > 0);
        Check.Invariant(self.Metadata.Length <= MembershipLimits.MaxMetadataBytes);
        foreach (string text in (string[])[self.Address, self.PublicAddress, self.Zone, self.ProgramVersion])
        {
            Check.Invariant(Encoding.UTF8.GetByteCount(text) <= MembershipLimits.MaxTextBytes);
        }

        _options = options;
        _random = new RandomChoice(entropy);
        _seeds = [.. self.Seeds.Where(seed => seed != self.Address).Distinct()];
        _cluster = self.Cluster;
        _sequence = (uint)(entropy.NextUInt64() >> 32);
        _self = new MemberRecord
        {
            Id = self.Id,
            Run = entropy.NextUInt64(),
            Incarnation = 1,
            State = NodeState.Starting,
            Protocol = MessageCodec.Version,
            Address = self.Address,
            PublicAddress = self.PublicAddress,
            Zone = self.Zone,
            ProgramVersion = self.ProgramVersion,
            Metadata = self.Metadata.ToArray(),
        };
    }

    public MembershipCounters Counters { get; } = new();

    /// <summary>To be sent, in order, and cleared by the caller.</summary>
    public List<OutgoingMessage> Outgoing { get; } = [];

    /// <summary>To be told, in order, and cleared by the caller.</summary>
    public List<MembershipChange> Changes { get; } = [];

    /// <summary>What a view shows has changed; cleared by the caller.</summary>
    public bool IsViewStale { get; set; } = true;

    /// <summary>When Tick wants to be called, at the latest.</summary>
    public TimeSpan Due { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Everybody who can be told has been told what this node last said of itself.</summary>
    public bool IsSelfTold => !_news.Contains(_self.Id);

    /// <summary>Begins to call and to answer.</summary>
    public void Start(Instant now)
    {
        _isStarted = true;
        _nextProbe = now.Elapsed + _random.PartOf(_options.ProbePeriod);
        _nextGossip = now.Elapsed + _random.PartOf(_options.GossipPeriod);
        _nextHeartbeat = now.Elapsed + _random.PartOf(_options.HeartbeatPeriod);
        _nextCall = now.Elapsed + _options.GossipPeriod;
        if (_seeds.Length == 0)
        {
            ChangeSelf(_self with { State = NodeState.Joining }, now);
        }

        foreach (string seed in _random.Take([.. _seeds], FirstCalls))
        {
            Call(seed, now);
        }

        ComputeDue();
    }

    /// <summary>Does what is due.</summary>
    public void Tick(Instant now)
    {
        AbsorbPause(now);
        StepProbes(now);
        StepRelays(now);
        ExpireSuspicions(now);
        if (now.Elapsed >= _nextProbe)
        {
            _nextProbe = now.Elapsed + (_options.ProbePeriod * _health.Multiplier);
            if (NextToProbe() is { } target)
            {
                StartProbe(target, now);
            }
        }

        if (now.Elapsed >= _nextCall)
        {
            _nextCall = now.Elapsed + _options.GossipPeriod;
            CallLost(now);
            ForgetPast(now);
            JudgeClocks();
        }

        if (now.Elapsed >= _nextHeartbeat)
        {
            _nextHeartbeat = now.Elapsed + _options.HeartbeatPeriod;
            Exchange(now);
        }

        if (now.Elapsed >= _nextGossip)
        {
            Gossip(now);
        }

        ComputeDue();
    }

    /// <summary>This node serves from now on.</summary>
    public void Activate(Instant now)
    {
        if (_self.State is NodeState.Starting or NodeState.Joining)
        {
            ChangeSelf(_self with { State = NodeState.Active }, now);
        }

        ComputeDue();
    }

    /// <summary>This node goes; there is no way back but a new process.</summary>
    public void Leave(Instant now)
    {
        if (_self.State != NodeState.Leaving)
        {
            ChangeSelf(_self with { State = NodeState.Leaving }, now);
        }

        ComputeDue();
    }

    public void SetMetadata(ReadOnlyMemory<byte> metadata, Instant now)
    {
        Check.Invariant(metadata.Length <= MembershipLimits.MaxMetadataBytes);
        if (!metadata.Span.SequenceEqual(_self.Metadata.Span))
        {
            ChangeSelf(_self with { Metadata = metadata.ToArray() }, now);
        }

        ComputeDue();
    }

    /// <summary>From now on only messages of this cluster, or of nodes that have none yet, are accepted.</summary>
    public void SetCluster(Guid cluster) => _cluster = cluster;

    public MembershipView CreateView() => new(MemberView.Of(_self), _members.Values.Select(MemberView.Of));

    public MembershipStatus CreateStatus(Instant now)
    {
        TimeSpan median = ComputeMedianSkew();
        var self = new MemberStatus(MemberView.Of(_self), TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, -median);
        return new MembershipStatus
        {
            Members = [.. _members.Values
                .Select(member => new MemberStatus(
                    MemberView.Of(member),
                    now.Elapsed - member.LastHeard,
                    member.RoundTrip.Mean,
                    member.Clock.Skew,
                    member.Clock.Error,
                    member.Clock.Skew - median))
                .Append(self)
                .OrderBy(status => status.Member.Id)],
            HealthScore = _health.Score,
            Refutations = Counters.Refutations,
            Sent = Counters.GetSent(),
            Received = Counters.GetReceived(),
            Refused = Counters.GetRefused(),
        };
    }

    private void ChangeSelf(MemberRecord changed, Instant now)
    {
        _self = changed with { Incarnation = _self.Incarnation + 1 };
        Note(MembershipChangeKind.Updated, _self.Id, _self.Address, changed.State.ToString());
        SpreadNews(_self.Id, now);
    }

    private void Note(MembershipChangeKind kind, NodeId node, string address, string detail = "")
    {
        Changes.Add(new MembershipChange(kind, node, address, detail));
        IsViewStale = true;
    }

    private void AbsorbPause(Instant now)
    {
        TimeSpan late = Due == TimeSpan.MaxValue ? TimeSpan.Zero : now.Elapsed - Due;
        if (late < PauseThreshold)
        {
            return;
        }

        // Suspects may have denied while this node did not listen; its own questions may have been answered.
        foreach (Member member in _members.Values.Where(member => member.Liveness == Liveness.Suspect))
        {
            member.Since += late;
        }

        _probes.Clear();
        _relays.Clear();
        _health.Worsen();
        Due = now.Elapsed;
    }

    private void ComputeDue()
    {
        if (!_isStarted)
        {
            return;
        }

        TimeSpan due = _nextProbe < _nextCall ? _nextProbe : _nextCall;
        due = _nextHeartbeat < due ? _nextHeartbeat : due;
        due = !_news.IsEmpty && _nextGossip < due ? _nextGossip : due;
        foreach (Probe probe in _probes)
        {
            due = probe.NextStep < due ? probe.NextStep : due;
        }

        foreach (Relay relay in _relays)
        {
            due = relay.NextStep < due ? relay.NextStep : due;
        }

        foreach (Member member in _members.Values.Where(member => member.Liveness == Liveness.Suspect))
        {
            TimeSpan end = ComputeSuspicionEnd(member);
            due = end < due ? end : due;
        }

        Due = due;
    }
}
