using Cairn.Cluster.Membership.Messages;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

// Messages in and out.
internal sealed partial class MembershipProtocol
{
    private const int FirstCalls = 3;

    // The answers to calls that are remembered: older ones were not answered.
    private const int RememberedCalls = 16;

    // Between two rounds of gossip there is time for the same news to come back, which then need not be sent.
    private static readonly TimeSpan EagerDelay = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan ForeignReportPause = TimeSpan.FromMinutes(1);

    private readonly MessageBuilder _builder = new();
    private readonly Queue<(uint Sequence, string Address)> _calls = new(RememberedCalls);
    private readonly Dictionary<string, NodeId> _seedOwners = new(StringComparer.Ordinal);
    private TimeSpan _lastGossip;
    private TimeSpan _nextQuestion;
    private TimeSpan _nextForeignReport;

    /// <summary>Takes in a message, or refuses it and counts that.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, Instant now)
    {
        if (!_isStarted)
        {
            return;
        }

        AbsorbPause(now);
        MessageRefusal refusal = MessageCodec.Decode(bytes, out Message message, out List<MemberUpdate> updates);
        if (refusal == MessageRefusal.None)
        {
            refusal = FindRefusal(message, now);
        }

        if (refusal != MessageRefusal.None)
        {
            Counters.CountRefused(refusal);
        }
        else if (message.Sender == _self.Id)
        {
            ReceiveOwn(message, now);
        }
        else
        {
            Counters.CountReceived(message.Kind);
            foreach (MemberUpdate update in updates)
            {
                Apply(update, now);
            }

            Answer(message, now);
            Hear(message, now);
        }

        ComputeDue();
    }

    private MessageRefusal FindRefusal(Message message, Instant now)
    {
        if (message.Cluster != _cluster && message.Cluster != Guid.Empty && _cluster != Guid.Empty)
        {
            if (now.Elapsed >= _nextForeignReport)
            {
                _nextForeignReport = now.Elapsed + ForeignReportPause;
                Note(
                    MembershipChangeKind.ForeignCluster,
                    message.Sender,
                    message.SenderAddress,
                    $"it belongs to {message.Cluster:N}, this node to {_cluster:N}");
            }

            return MessageRefusal.ForeignCluster;
        }

        return message.Target != default && message.Target != _self.Id ? MessageRefusal.Misdirected : MessageRefusal.None;
    }

    // This node called itself by another name; or another process has this node's id.
    private void ReceiveOwn(Message message, Instant now)
    {
        if (message.Run == _self.Run)
        {
            LearnSeedOwner(message);
        }
        else
        {
            NoteSignOfDouble(_self.Id, _self.Address, message.SenderAddress, now);
        }
    }

    private void Hear(Message message, Instant now)
    {
        if (!_members.TryGetValue(message.Sender, out Member? sender))
        {
            AskForState(message, now);
            return;
        }

        int order = MemberRecord.CompareOrder(
            message.Incarnation, message.Run, sender.Record.Incarnation, sender.Record.Run);
        if (order > 0)
        {
            AskForState(message, now);
        }

        if (sender.Record.Run == message.Run)
        {
            sender.LastHeard = now.Elapsed;
            sender.IsGone = false;
        }
    }

    private void Answer(Message message, Instant now)
    {
        switch (message.Kind)
        {
            case MessageKind.Ping:
                AnswerPing(message, now);
                break;
            case MessageKind.Ack:
                TakeAck(message, now);
                break;
            case MessageKind.PingRequest:
                RelayPing(message, now);
                break;
            case MessageKind.Nack:
                TakeNack(message);
                break;
            case MessageKind.Sync:
                TakeSync(message, now);
                break;
        }
    }

    private void TakeSync(Message sync, Instant now)
    {
        if (_self.State == NodeState.Starting)
        {
            ChangeSelf(_self with { State = NodeState.Joining }, now);
        }

        if (sync.WantsReply)
        {
            SendState(sync.SenderAddress, sync.Sequence, wantsReply: false, now);
        }
        else
        {
            LearnSeedOwner(sync);
        }
    }

    // A seed's name need not be the address that the node gives: without this it would be called for ever.
    private void LearnSeedOwner(Message answer)
    {
        foreach ((uint sequence, string address) in _calls)
        {
            if (sequence == answer.Sequence)
            {
                _seedOwners[address] = answer.Sender;
            }
        }
    }

    // What the sender must be told first: that it is accused, or that this node knows a later statement about it.
    private MemberUpdate? FindCorrection(Message message, Instant now)
    {
        if (!_members.TryGetValue(message.Sender, out Member? sender))
        {
            return null;
        }

        int order = MemberRecord.CompareOrder(
            sender.Record.Incarnation, sender.Record.Run, message.Incarnation, message.Run);
        return order > 0 || (order == 0 && sender.Liveness != Liveness.Alive) ? sender.ToUpdate(now.Elapsed) : null;
    }

    // The sender is somebody, or has said something, that this node does not know.
    private void AskForState(Message message, Instant now)
    {
        if (message.Kind != MessageKind.Sync && now.Elapsed >= _nextQuestion)
        {
            _nextQuestion = now.Elapsed + EagerDelay;
            SendState(message.SenderAddress, NextSequence(), wantsReply: true, now);
        }
    }

    // (6)
    private void SpreadNews(NodeId member, Instant now)
    {
        _news.Put(member);
        TimeSpan soon = _lastGossip + EagerDelay;
        soon = soon > now.Elapsed ? soon : now.Elapsed;
        _nextGossip = soon < _nextGossip ? soon : _nextGossip;
    }

    private void Gossip(Instant now)
    {
        _lastGossip = now.Elapsed;
        // A node that leaves has no second period to tell it.
        bool isFarewell = _self.State == NodeState.Leaving && !IsSelfTold;
        _nextGossip = now.Elapsed + (isFarewell ? EagerDelay : _options.GossipPeriod);
        if (_news.IsEmpty)
        {
            return;
        }

        foreach (Member target in _random.Take(GetPresent(), _options.GossipFanout))
        {
            if (!_news.IsEmpty)
            {
                Message gossip = Header(MessageKind.Gossip, now) with { Target = target.Id };
                Send(target.Address, gossip, first: null, MembershipLimits.MaxMessageBytes, now);
            }
        }
    }

    // (7)
    private void Exchange(Instant now)
    {
        foreach (Member partner in _random.Take(GetPresent(), 1))
        {
            SendState(partner.Address, NextSequence(), wantsReply: true, now);
        }
    }

    // (8)
    private void CallLost(Instant now)
    {
        var present = _members.Values.Where(member => member.IsPresent).ToDictionary(member => member.Id);
        var reached = present.Values.Select(member => member.Address).ToHashSet();
        List<string> lost = [.. _seeds
            .Where(seed => !_seedOwners.TryGetValue(seed, out NodeId owner)
                || (owner != _self.Id && !present.ContainsKey(owner)))
            .Concat(_members.Values.Where(member => member.Liveness == Liveness.Failed).Select(member => member.Address))
            .Where(address => address != _self.Address && !reached.Contains(address))
            .Distinct()];
        foreach (string address in _random.Take(lost, 1))
        {
            Call(address, now);
        }
    }

    private void Call(string address, Instant now)
    {
        if (_calls.Count == RememberedCalls)
        {
            _calls.Dequeue();
        }

        uint sequence = NextSequence();
        _calls.Enqueue((sequence, address));
        SendState(address, sequence, wantsReply: true, now);
    }

    private void SendState(string address, uint sequence, bool wantsReply, Instant now)
    {
        Message header = Header(MessageKind.Sync, now) with { Sequence = sequence, WantsReply = wantsReply };
        _builder.Begin(header);
        foreach (MemberUpdate update in _members.Values
            .Where(member => !member.IsPast || now.Elapsed - member.Since <= _options.ForgetAfter)
            .Select(member => member.ToUpdate(now.Elapsed))
            .Prepend(OwnUpdate()))
        {
            if (!_builder.TryAdd(update, MembershipLimits.MaxMessageBytes))
            {
                Post(address, header.Kind);
                header = header with { WantsReply = false };
                _builder.Begin(header);
                _builder.TryAdd(update, MembershipLimits.MaxMessageBytes);
            }
        }

        Post(address, header.Kind);
    }

    private void Send(string address, Message header, MemberUpdate? first, int limitBytes, Instant now)
    {
        _builder.Begin(header);
        if (first is not null)
        {
            _builder.TryAdd(first, MembershipLimits.MaxMessageBytes);
        }

        int limit = NewsQueue.ComputeLimit(_options.RetransmitFactor, _members.Count + 1);
        foreach (NodeId subject in _news.GetOrder())
        {
            MemberUpdate news = subject == _self.Id ? OwnUpdate() : _members[subject].ToUpdate(now.Elapsed);
            if (_builder.TryAdd(news, limitBytes))
            {
                _news.CountSent(subject, limit);
            }
        }

        Post(address, header.Kind);
    }

    private void Post(string address, MessageKind kind)
    {
        Counters.CountSent(kind);
        Outgoing.Add(new OutgoingMessage(address, _builder.Detach()));
    }

    private Message Header(MessageKind kind, Instant now) => new()
    {
        Kind = kind,
        Cluster = _cluster,
        Sender = _self.Id,
        Run = _self.Run,
        Incarnation = _self.Incarnation,
        SenderAddress = _self.Address,
        WallClockMs = now.Wall.ToUnixTimeMilliseconds(),
    };

    private MemberUpdate OwnUpdate() => new(_self, Liveness.Alive, [], TimeSpan.Zero);

    private List<Member> GetPresent() => [.. _members.Values.Where(member => member.IsPresent)];
}
