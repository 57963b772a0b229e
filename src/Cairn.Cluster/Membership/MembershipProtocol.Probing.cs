using Cairn.Cluster.Membership.Detection;
using Cairn.Cluster.Membership.Messages;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

// Who answers and who does not.
internal sealed partial class MembershipProtocol
{
    private readonly List<Probe> _probes = [];
    private readonly List<Relay> _relays = [];
    private readonly List<NodeId> _probeOrder = [];

    /// <summary>The link to an address broke: whoever is there is probed now instead of at its turn.</summary>
    public void Doubt(string address, Instant now)
    {
        foreach (Member member in _members.Values)
        {
            if (member.Address == address && IsFreeToProbe(member))
            {
                StartProbe(member, now);
            }
        }

        ComputeDue();
    }

    // (1)
    private void StartProbe(Member target, Instant now)
    {
        uint sequence = NextSequence();
        _probes.Add(new Probe(target, sequence, now.Elapsed, ComputeProbeTimeout(target)));
        SendPing(target, sequence, now);
    }

    private uint NextSequence() => _sequence = unchecked(_sequence + 1);

    private Member? NextToProbe()
    {
        bool isNewRound = false;
        while (true)
        {
            if (_probeOrder.Count == 0)
            {
                if (isNewRound)
                {
                    return null;
                }

                isNewRound = true;
                _probeOrder.AddRange(_members.Keys);
                _random.Shuffle(_probeOrder);
            }
            else
            {
                NodeId next = _probeOrder[^1];
                _probeOrder.RemoveAt(_probeOrder.Count - 1);
                if (_members.TryGetValue(next, out Member? member) && IsFreeToProbe(member))
                {
                    return member;
                }
            }
        }
    }

    private bool IsFreeToProbe(Member member) =>
        member.IsPresent && _probes.TrueForAll(probe => probe.Target != member);

    // A newcomer need not wait for the next round, nor does it always come first.
    private void InsertIntoProbeOrder(NodeId member) =>
        _probeOrder.Insert(_random.Next(_probeOrder.Count + 1), member);

    private TimeSpan ComputeProbeTimeout(Member target)
    {
        TimeSpan late = target.RoundTrip.Late;
        TimeSpan timeout = (late > _options.ProbeTimeout ? late : _options.ProbeTimeout) * _health.Multiplier;
        TimeSpan longest = _options.FailedAfter / 4;
        return timeout < longest ? timeout : longest;
    }

    private void StepProbes(Instant now)
    {
        foreach (Probe probe in _probes.Where(probe => probe.NextStep <= now.Elapsed).ToArray())
        {
            if (!probe.IsSecondStage)
            {
                AskOthers(probe, now);
            }
            else
            {
                _probes.Remove(probe);
                Judge(probe, now);
            }
        }
    }

    // (2)
    private void AskOthers(Probe probe, Instant now)
    {
        Member target = probe.Target;
        List<Member> able = [.. _members.Values.Where(member =>
            member != target && member.IsPresent && member.Liveness == Liveness.Alive && member.IsDirect)];
        Member[] helpers = [.. _random.Take(able, _options.IndirectProbes)];
        uint pingSequence = NextSequence();
        uint requestSequence = NextSequence();
        probe.BeginSecondStage(pingSequence, requestSequence, now.Elapsed, helpers);
        SendPing(target, pingSequence, now);
        foreach (Member helper in helpers)
        {
            Message request = Header(MessageKind.PingRequest, now) with
            {
                Target = helper.Id,
                Sequence = requestSequence,
                Subject = target.Id,
                SubjectAddress = target.Address,
            };
            Send(helper.Address, request, first: null, MembershipLimits.PiggybackBytes, now);
        }
    }

    // (3)
    private void Judge(Probe probe, Instant now)
    {
        Member target = probe.Target;
        if (probe.IsReachedByOthers)
        {
            SetDirect(target, false);
            return;
        }

        // Most of those asked for help did not answer either: the fault may be here.
        if (probe.SilentHelpers.Count * 2 > probe.Helpers.Count)
        {
            _health.Worsen();
        }

        if (_members.GetValueOrDefault(target.Id) != target || target.Liveness == Liveness.Failed)
        {
            return;
        }

        if (target.Record.State == NodeState.Leaving)
        {
            target.IsGone = now.Elapsed - (target.LastHeard ?? target.Since) >= _options.FailedAfter;
            return;
        }

        Accuse(target, now);
    }

    private void Accuse(Member target, Instant now)
    {
        if (target.Liveness == Liveness.Alive)
        {
            target.Liveness = Liveness.Suspect;
            target.Since = now.Elapsed;
            target.Accusers.Add(_self.Id);
            Note(MembershipChangeKind.Suspected, target.Id, target.Address, "it does not answer this node");
            SpreadNews(target.Id, now);
        }
        else if (target.Accusers.Count < MembershipLimits.MaxAccusers && !target.Accusers.Contains(_self.Id))
        {
            target.Accusers.Add(_self.Id);
            SpreadNews(target.Id, now);
        }
    }

    // (5)
    private void ExpireSuspicions(Instant now)
    {
        foreach (Member member in _members.Values.Where(member => member.Liveness == Liveness.Suspect))
        {
            if (ComputeSuspicionEnd(member) <= now.Elapsed)
            {
                member.Liveness = Liveness.Failed;
                member.Since = now.Elapsed;
                Note(MembershipChangeKind.Failed, member.Id, member.Address, "it kept silent");
                SpreadNews(member.Id, now);
            }
        }
    }

    private TimeSpan ComputeSuspicionEnd(Member suspect)
    {
        int possible = _members.Values.Count(member => member.IsPresent && member.Liveness == Liveness.Alive);
        return suspect.Since
            + Suspicion.ComputeTimeout(_options.FailedAfter, suspect.Accusers.Count - 1, possible);
    }

    private void SendPing(Member target, uint sequence, Instant now)
    {
        Message ping = Header(MessageKind.Ping, now) with { Target = target.Id, Sequence = sequence };
        // (4) A suspect is told so by everyone who pings it.
        MemberUpdate? accusation = target.Liveness == Liveness.Alive ? null : target.ToUpdate(now.Elapsed);
        Send(target.Address, ping, accusation, MembershipLimits.PiggybackBytes, now);
    }

    private void AnswerPing(Message ping, Instant now)
    {
        Message ack = Header(MessageKind.Ack, now) with { Target = ping.Sender, Sequence = ping.Sequence };
        Send(ping.SenderAddress, ack, FindCorrection(ping, now), MembershipLimits.PiggybackBytes, now);
    }

    private void RelayPing(Message request, Instant now)
    {
        if (_relays.Count >= MembershipLimits.MaxRelays)
        {
            Counters.CountRefused(MessageRefusal.OverLimit);
            return;
        }

        Member? subject = _members.GetValueOrDefault(request.Subject);
        TimeSpan timeout = subject is null ? _options.ProbeTimeout : ComputeProbeTimeout(subject);
        uint sequence = NextSequence();
        _relays.Add(new Relay(
            sequence, request.Subject, request.Sender, request.SenderAddress, request.Sequence)
        {
            NextStep = now.Elapsed + timeout,
        });
        Message ping = Header(MessageKind.Ping, now) with { Target = request.Subject, Sequence = sequence };
        Send(
            request.SubjectAddress,
            ping,
            subject is null || subject.Liveness == Liveness.Alive ? null : subject.ToUpdate(now.Elapsed),
            MembershipLimits.PiggybackBytes,
            now);
    }

    private void StepRelays(Instant now)
    {
        foreach (Relay relay in _relays.Where(relay => relay.NextStep <= now.Elapsed).ToArray())
        {
            if (relay.IsNacked)
            {
                _relays.Remove(relay);
                continue;
            }

            relay.IsNacked = true;
            relay.NextStep = now.Elapsed + _options.ProbeTimeout;
            AnswerRequest(MessageKind.Nack, relay, now);
        }
    }

    private void AnswerRequest(MessageKind kind, Relay relay, Instant now)
    {
        Message answer = Header(kind, now) with { Target = relay.Requester, Sequence = relay.RequestSequence };
        Send(relay.RequesterAddress, answer, first: null, MembershipLimits.PiggybackBytes, now);
    }

    private void TakeAck(Message ack, Instant now)
    {
        foreach (Probe probe in _probes)
        {
            if (probe.Target.Id == ack.Sender && probe.FindSentAt(ack.Sequence) is { } sentAt)
            {
                _probes.Remove(probe);
                TakeAnswer(probe.Target, now.Elapsed - sentAt, ack, now);
                return;
            }

            if (probe.IsSecondStage && probe.RequestSequence == ack.Sequence && probe.Helpers.Contains(ack.Sender))
            {
                probe.SilentHelpers.Remove(ack.Sender);
                probe.IsReachedByOthers = true;
                return;
            }
        }

        // The subject of a relay that was nacked in the meantime may still be reported.
        if (_relays.Find(relay => relay.Sequence == ack.Sequence && relay.Subject == ack.Sender) is { } relay)
        {
            _relays.Remove(relay);
            AnswerRequest(MessageKind.Ack, relay, now);
            return;
        }

        Counters.CountRefused(MessageRefusal.Unsolicited);
    }

    private void TakeNack(Message nack)
    {
        if (!_probes.Exists(probe =>
            probe.IsSecondStage && probe.RequestSequence == nack.Sequence && probe.SilentHelpers.Remove(nack.Sender)))
        {
            Counters.CountRefused(MessageRefusal.Unsolicited);
        }
    }

    private void TakeAnswer(Member member, TimeSpan roundTrip, Message ack, Instant now)
    {
        _health.Improve();
        member.RoundTrip.Add(roundTrip);
        member.Clock.Add(DateTimeOffset.FromUnixTimeMilliseconds(ack.WallClockMs), now.Wall, roundTrip);
        SetDirect(member, true);
    }

    private void SetDirect(Member member, bool isDirect)
    {
        IsViewStale |= member.IsDirect != isDirect;
        member.IsDirect = isDirect;
    }
}
