using System.Globalization;
using Cairn.Cluster.Membership.Detection;
using Cairn.Cluster.Membership.Messages;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

// What others say, and what becomes of it.
internal sealed partial class MembershipProtocol
{
    // A node that was restarted at another address may meet statements of its former process from several nodes that
    // each knew another one. Two living processes go on denying each other for ever.
    private const int SignsOfDouble = 3;
    private static readonly TimeSpan DoubleReportPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<NodeId, DoubleSuspicion> _doubles = [];
    private readonly ClockVerdict _ownClock = new();

    private void Apply(MemberUpdate update, Instant now)
    {
        if (update.Record.Id == _self.Id)
        {
            Defend(update, now);
        }
        else if (!_members.TryGetValue(update.Record.Id, out Member? member))
        {
            Admit(update, now);
        }
        else
        {
            int order = update.Record.CompareOrder(member.Record);
            if (order > 0)
            {
                Replace(member, update, now);
            }
            else if (order == 0)
            {
                Strengthen(member, update, now);
            }
        }
    }

    private void Admit(MemberUpdate update, Instant now)
    {
        var member = new Member(update.Record) { Liveness = update.Liveness, Since = now.Elapsed - update.Age };
        member.Accusers.AddRange(update.Accusers);
        if (member.IsPast && update.Age > _options.ForgetAfter)
        {
            return;
        }

        if (_members.Count >= _options.MaxMembers)
        {
            Counters.CountRefused(MessageRefusal.OverLimit);
            return;
        }

        _members.Add(member.Id, member);
        InsertIntoProbeOrder(member.Id);
        Note(MembershipChangeKind.Appeared, member.Id, member.Address, member.State.ToString());
        SpreadNews(member.Id, now);
    }

    private void Replace(Member member, MemberUpdate update, Instant now)
    {
        MemberRecord former = member.Record;
        Liveness before = member.Liveness;
        if (former.Run != update.Record.Run)
        {
            NoteChangeOfRun(former, update.Record, now);
            member.Clock.Reset();
            member.IsDirect = true;
        }

        member.Record = update.Record;
        member.Liveness = update.Liveness;
        member.Since = now.Elapsed - update.Age;
        member.IsGone = false;
        member.Accusers.Clear();
        member.Accusers.AddRange(update.Accusers);
        MembershipChangeKind kind = (before, update.Liveness) switch
        {
            (not Liveness.Failed, Liveness.Failed) => MembershipChangeKind.Failed,
            (not Liveness.Suspect, Liveness.Suspect) => MembershipChangeKind.Suspected,
            (Liveness.Failed, Liveness.Alive) => MembershipChangeKind.Returned,
            (Liveness.Suspect, Liveness.Alive) => MembershipChangeKind.Cleared,
            _ => MembershipChangeKind.Updated,
        };
        Note(kind, member.Id, member.Address, member.State.ToString());
        SpreadNews(member.Id, now);
    }

    // The same record; perhaps others believe worse of it, or know longer that it is past.
    private void Strengthen(Member member, MemberUpdate update, Instant now)
    {
        if (update.Liveness > member.Liveness)
        {
            member.Liveness = update.Liveness;
            member.Since = now.Elapsed - update.Age;
            bool isFailed = update.Liveness == Liveness.Failed;
            Note(
                isFailed ? MembershipChangeKind.Failed : MembershipChangeKind.Suspected,
                member.Id,
                member.Address,
                "others say so");
            AddAccusers(member, update);
            SpreadNews(member.Id, now);
        }
        else if (update.Liveness == member.Liveness && update.Liveness == Liveness.Suspect)
        {
            if (AddAccusers(member, update))
            {
                SpreadNews(member.Id, now);
            }
        }
        else if (update.Liveness == member.Liveness && member.IsPast && now.Elapsed - update.Age < member.Since)
        {
            member.Since = now.Elapsed - update.Age;
        }
    }

    private static bool AddAccusers(Member member, MemberUpdate update)
    {
        int before = member.Accusers.Count;
        member.Accusers.AddRange(update.Accusers
            .Where(accuser => !member.Accusers.Contains(accuser))
            .Take(MembershipLimits.MaxAccusers - before));
        return member.Accusers.Count > before;
    }

    // (4) Somebody says of this node what it has not said itself, or believes that it is silent: go above it.
    private void Defend(MemberUpdate update, Instant now)
    {
        int order = update.Record.CompareOrder(_self);
        if (order < 0 || (order == 0 && update.Liveness == Liveness.Alive))
        {
            return;
        }

        if (update.Record.Incarnation >= MembershipLimits.MaxIncarnation)
        {
            Counters.CountRefused(MessageRefusal.Malformed);
            return;
        }

        if (update.Record.Run != _self.Run)
        {
            NoteSignOfDouble(_self.Id, _self.Address, update.Record.Address, now);
        }
        else
        {
            Counters.Refutations++;
            _health.Worsen();
        }

        _self = _self with { Incarnation = update.Record.Incarnation + 1 };
        IsViewStale = true;
        SpreadNews(_self.Id, now);
    }

    private void NoteChangeOfRun(MemberRecord former, MemberRecord current, Instant now)
    {
        DoubleSuspicion known = _doubles.GetValueOrDefault(current.Id);
        if (known.FormerRun == current.Run)
        {
            NoteSignOfDouble(current.Id, former.Address, current.Address, now);
            known = _doubles.GetValueOrDefault(current.Id);
        }

        _doubles[current.Id] = known with { FormerRun = former.Run };
    }

    private void NoteSignOfDouble(NodeId node, string address, string other, Instant now)
    {
        if (address == other)
        {
            return;
        }

        DoubleSuspicion known = _doubles.GetValueOrDefault(node);
        int signs = known.Signs + 1;
        if (signs >= SignsOfDouble && now.Elapsed >= known.NextReport)
        {
            known = known with { NextReport = now.Elapsed + DoubleReportPause };
            Note(
                MembershipChangeKind.DuplicateNode,
                node,
                address,
                $"the node at {other} has the same id: one of them runs on a copy of the other's drives");
        }

        _doubles[node] = known with { Signs = Math.Min(signs, SignsOfDouble) };
    }

    private void ForgetPast(Instant now)
    {
        foreach (Member member in _members.Values.Where(member =>
            member.IsPast
            && (member.IsGone || member.Liveness == Liveness.Failed)
            && now.Elapsed - member.Since > _options.ForgetAfter).ToArray())
        {
            _members.Remove(member.Id);
            _doubles.Remove(member.Id);
            _news.Remove(member.Id);
            Note(MembershipChangeKind.Forgotten, member.Id, member.Address, member.State.ToString());
        }
    }

    private TimeSpan ComputeMedianSkew() => ClockConsensus.ComputeMedian(_members.Values
        .Where(member => member.IsPresent && member.Clock.Skew is not null)
        .Select(member => member.Clock.Skew!.Value));

    private void JudgeClocks()
    {
        Member[] measured = [.. _members.Values.Where(member => member.IsPresent && member.Clock.Skew is not null)];
        TimeSpan median = ClockConsensus.ComputeMedian(measured.Select(member => member.Clock.Skew!.Value));
        foreach (Member member in measured)
        {
            Judge(member.Record, member.ClockVerdict, member.Clock.Skew!.Value - median);
        }

        Judge(_self, _ownClock, -median);

        void Judge(MemberRecord record, ClockVerdict verdict, TimeSpan deviation)
        {
            if (verdict.Judge(deviation, _options.ClockSkewLimit))
            {
                Note(
                    verdict.IsNamed ? MembershipChangeKind.ClockSkewed : MembershipChangeKind.ClockCorrected,
                    record.Id,
                    record.Address,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"its clock is {deviation.TotalSeconds:+0.0;-0.0} s from the median of {measured.Length + 1} clocks"));
            }
        }
    }

    /// <param name="FormerRun">The process before the present one.</param>
    /// <param name="Signs">How often a process that was thought gone spoke again, from another address.</param>
    /// <param name="NextReport">Not before then.</param>
    private readonly record struct DoubleSuspicion(ulong FormerRun, int Signs, TimeSpan NextReport);
}
