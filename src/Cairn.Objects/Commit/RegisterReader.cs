using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Linearizable reads: one round trip where the newest value is known to be committed, settling it otherwise.</summary>
/// <remarks>
/// Steps: (1) ask R drives; when what counts is committed somewhere, or held by W drives under one ballot, it is chosen:
/// serve it. (2) Where only the silence of a drive that may have forgotten a removal speaks for it, ask its holders once
/// more. (3) Ask the others too. (4) Settle the register, then serve. A value that is merely pending is never served: a
/// later read could miss it.
/// </remarks>
internal sealed class RegisterReader(StoreEngine engine, RegisterSettler settler)
{
    // A pending value this old has lost its coordinator; younger ones are about to be committed by theirs.
    private static readonly TimeSpan OrphanAge = TimeSpan.FromSeconds(2);

    public async ValueTask<ObjectResult<ResolvedRegister>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken)
    {
        // (1)
        Partition partition = engine.PartitionOf(key);
        (PositionSet first, PositionSet others) = Choose(partition, withInline);
        ReadRound round = new(partition, key, slot, withInline, partition.ReadQuorum, engine);
        round.Start(first, others);
        if (!round.IsDecided)
        {
            await WaitHedgedAsync(round, cancellationToken);
        }

        if (!round.HasVotes)
        {
            return ObjectError.ReadQuorumLost;
        }

        if (Unanimous(round, slot) is { } agreed)
        {
            return agreed;
        }

        ReplicaViews views = new(key, slot, partition, engine.Records);
        AddTo(views, round);
        RegisterJudgement judgement = await RegisterSettler.JudgeAsync(views, slot);
        if (!judgement.Unbacked.IsEmpty)
        {
            // (2)
            views = await AskAgainAsync(round, views, judgement.Unbacked, cancellationToken);
            judgement = await RegisterSettler.JudgeAsync(views, slot);
        }

        if (!judgement.IsCertain)
        {
            // (3)
            int missing = Math.Max(1, partition.WriteQuorum - views.Voting.Count);
            ReadRound rest = round.Again(missing);
            rest.Start(partition.Reachable() - views.Heard, default);
            await rest.WaitAsync(cancellationToken);
            AddTo(views, rest);
            judgement = await RegisterSettler.JudgeAsync(views, slot);
        }

        if (judgement.IsCertain)
        {
            CommitOrphans(views, judgement);
            return ToResolved(views, judgement);
        }

        // (4) Outbid again and again, it is no conflict to a reader, who asked for nothing that others could be in the
        // way of: the state cannot be told now, and may be asked for again.
        PreparedRegister prepared = await settler.PrepareAsync(key, slot, cancellationToken);
        return prepared.Error switch
        {
            ObjectError.None => prepared.ToResolved(),
            ObjectError.Conflict => ObjectError.ReadQuorumLost,
            _ => prepared.Error,
        };
    }

    // Of the others only what they had answered before counts: a later silence would have to be doubted again.
    private static async ValueTask<ReplicaViews> AskAgainAsync(
        ReadRound round, ReplicaViews earlier, PositionSet holders, CancellationToken cancellationToken)
    {
        ReadRound again = round.Again(holders.Count);
        again.Start(holders, default);
        await again.WaitAsync(cancellationToken);
        PositionSet answered = default;
        foreach (int position in again.Answered)
        {
            answered = again.Replies[position].IsOk ? answered.With(position) : answered;
        }

        ReplicaViews views = earlier.AskingAgain(answered);
        foreach (int position in answered)
        {
            views.Add(position, again.Replies[position].Value);
        }

        return views;
    }

    /// <summary>The drives to ask: those of this node first, then those with data shards, late ones last.</summary>
    /// <remarks>
    /// A call to another node costs more than to compute a small data shard from a parity shard that is here.
    /// </remarks>
    private (PositionSet First, PositionSet Others) Choose(Partition partition, bool withInline)
    {
        PositionSet reachable = partition.Reachable();
        int wanted = withInline
            ? Math.Max(partition.ReadQuorum, engine.Layout.Standard.DataShards)
            : partition.ReadQuorum;
        PositionSet prompt = default;
        PositionSet own = default;
        foreach (int position in reachable)
        {
            if (partition.Drives[position] is { Timing.IsLate: false, State: DriveState.Online } drive)
            {
                prompt = prompt.With(position);
                own = drive.IsOwn ? own.With(position) : own;
            }
        }

        PositionSet first = default;
        foreach (PositionSet choice in (ReadOnlySpan<PositionSet>)[own, prompt, reachable])
        {
            foreach (int position in choice - first)
            {
                first = first.Count < wanted ? first.With(position) : first;
            }
        }

        return (first, partition.ReachableAtAll() - first);
    }

    private async ValueTask WaitHedgedAsync(ReadRound round, CancellationToken cancellationToken)
    {
        TimeSpan delay = TimeSpan.Zero;
        foreach (int position in round.Outstanding)
        {
            TimeSpan hedge = round.Partition.Drives[position].Timing.HedgeDelayOf(DriveCall.Read);
            delay = hedge > delay ? hedge : delay;
        }

        using ITimer timer = engine.Environment.Time.CreateTimer(
            static state => ((ReadRound)state!).Hedge(), round, delay, delay);
        await round.WaitAsync(cancellationToken);
    }

    private static void AddTo(ReplicaViews views, ReadRound round)
    {
        foreach (int position in round.Answered)
        {
            if (round.Replies[position] is { IsOk: true } reply)
            {
                views.Add(position, reply.Value);
            }
        }
    }

    /// <summary>The usual case, without building anything: all hold the same single entry, and it is committed.</summary>
    private static ResolvedRegister? Unanimous(ReadRound round, VersionId? slot)
    {
        RegisterEntry? entry = null;
        bool isCommitted = false;
        bool isEmpty = false;
        foreach (int position in round.Answered)
        {
            if (round.Replies[position] is not { IsOk: true } reply)
            {
                continue;
            }

            IReadOnlyList<RegisterEntry> entries = reply.Value.Entries;
            if (entries.Count > 1 || (entries.Count == 0 && entry is not null) || (entries.Count == 1 && isEmpty))
            {
                return null;
            }

            if (entries.Count == 0)
            {
                isEmpty = true;
                continue;
            }

            if (entry is not null && (entry.Slot != entries[0].Slot || entry.Ballot != entries[0].Ballot))
            {
                return null;
            }

            entry = entries[0];
            isCommitted |= entry.IsCommitted;
        }

        if (entry is null)
        {
            return new ResolvedRegister(null, null);
        }

        if (!isCommitted || (slot is { } asked && asked != entry.Slot))
        {
            return null;
        }

        if (entry.IsRemoved)
        {
            return new ResolvedRegister(null, null);
        }

        RegisterValue value = RegisterValue.Of(entry) with { InlineShards = InlineShardsOf(round, entry) };
        return new ResolvedRegister(value, slot is null ? null : value);
    }

    private static ReadOnlyMemory<byte>?[] InlineShardsOf(ReadRound round, RegisterEntry entry)
    {
        ReadOnlyMemory<byte>?[]? shards = null;
        foreach (int position in round.Answered)
        {
            if (round.Replies[position] is { IsOk: true, Value: { HasInline: true } view })
            {
                shards ??= new ReadOnlyMemory<byte>?[round.Partition.Width];
                shards[view.Entries[0].ShardIndex] = view.Inline;
            }
        }

        return entry.Data.Count == 0 || shards is null ? [] : shards;
    }

    private void CommitOrphans(ReplicaViews views, RegisterJudgement judgement)
    {
        foreach (ValueGroup? group in (ReadOnlySpan<ValueGroup?>)[judgement.Current, judgement.Asked])
        {
            if (group is { IsCommitted: false } && engine.Clock.LeadOf(group.Ballot) < -OrphanAge)
            {
                engine.Commits.SendFound(views.Partition, views.Key, group);
            }
        }
    }

    private static ResolvedRegister ToResolved(ReplicaViews views, RegisterJudgement judgement) => new(
        judgement.Current is { } current ? views.ToValue(current) : null,
        judgement.Asked is { } asked ? views.ToValue(asked) : null);
}
