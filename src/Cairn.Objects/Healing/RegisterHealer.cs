using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Brings one drive what one register holds, and reads it back.</summary>
/// <remarks>
/// Steps: (1) ask the other drives what counts in the slot; (2) where that is certain, send it to the drive under the
/// ballot it was chosen with, which is the same as the accept that the drive missed arriving late; (3) where it is
/// open, or the drive has promised a higher ballot, make the slot certain again under a fresh ballot; (4) restore the
/// shards the drive lacks; (5) read the value and its shards back, and once more from (4) without those that are lost;
/// (6) commit.
/// Invariants: only chosen values are sent, and a drive never gives up a higher ballot for a lower one, so healing and
/// writers may run at once. The commit is the mark of what was read back, also for the next pass and after a restart:
/// a value that was brought and could not be read is not taken for healed because it is found there.
/// </remarks>
/// <param name="engine">The store.</param>
/// <param name="pace">Of a worker that is to leave clients their share; null to heal as fast as can be.</param>
internal sealed class RegisterHealer(StoreEngine engine, BackgroundPace? pace = null)
{
    private const int PageSize = 1000;
    private const int VerifySize = 1 << 20;

    private readonly ShardRestorer _restorer = new(engine, pace);

    /// <summary>Every slot that any other drive knows of.</summary>
    public async ValueTask<HealOutcome> HealRegisterAsync(
        RegisterKey key, DriveHandle target, CancellationToken cancellationToken)
    {
        HealOutcome whole = new(HealVerdict.Nothing);
        foreach (VersionId slot in await ListSlotsAsync(key, target))
        {
            HealOutcome outcome = await HealSlotAsync(key, slot, target, cancellationToken);
            whole = new HealOutcome(
                outcome.Verdict > whole.Verdict ? outcome.Verdict : whole.Verdict, whole.Bytes + outcome.Bytes);
        }

        return whole;
    }

    /// <summary>One slot. A drive to which the position is on its way is filled in the same manner.</summary>
    public async ValueTask<HealOutcome> HealSlotAsync(
        RegisterKey key, VersionId slot, DriveHandle target, CancellationToken cancellationToken)
    {
        using StorePlacement.Use use = engine.Enter();
        Partition partition = use.Placement.PartitionOf(key);
        int position = partition.PositionOf(target);
        if (position < 0)
        {
            return new HealOutcome(HealVerdict.Nothing);
        }

        // (1)
        ReplicaViews? views = await ReadOthersAsync(partition, key, slot, target, cancellationToken);
        if (views is null)
        {
            return new HealOutcome(HealVerdict.Unavailable);
        }

        SlotVerdict verdict = views.Judge(slot);
        if (verdict.Certainty == SlotCertainty.Certain)
        {
            if (verdict.Chosen is not { } chosen)
            {
                return new HealOutcome(HealVerdict.Nothing);
            }

            // (2)
            Proposal late = Proposal.Again(key, chosen, views.DataShardsOf(chosen), chosen.Ballot);
            if (await BringAsync(partition, late, target, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }

        return await HealOpenAsync(key, slot, target, cancellationToken);
    }

    // (3)
    private async ValueTask<HealOutcome> HealOpenAsync(
        RegisterKey key, VersionId slot, DriveHandle target, CancellationToken cancellationToken)
    {
        PreparedRegister prepared = await engine.Quorum.Settler.PrepareAsync(key, slot, cancellationToken);
        if (prepared.Error != ObjectError.None)
        {
            return new HealOutcome(HealVerdict.Unavailable);
        }

        SlotVerdict verdict = prepared.Views!.Judge(slot);
        if (verdict.Winner is not { } winner)
        {
            return new HealOutcome(HealVerdict.Nothing);
        }

        AcceptRound round = await engine.Quorum.Settler.WriteBackAsync(
            prepared.Views, winner, prepared.Ballot, cancellationToken);
        if (!round.IsChosen)
        {
            return new HealOutcome(HealVerdict.Unavailable);
        }

        Proposal again = prepared.Views.ToProposal(winner, prepared.Ballot);
        Partition partition = prepared.Views.Partition;
        return partition.PositionOf(target) < 0
            ? new HealOutcome(HealVerdict.Nothing)
            : await BringAsync(partition, again, target, cancellationToken)
            ?? new HealOutcome(HealVerdict.Unavailable);
    }

    /// <returns>Null when the drive has promised a higher ballot.</returns>
    private async ValueTask<HealOutcome?> BringAsync(
        Partition partition, Proposal chosen, DriveHandle target, CancellationToken cancellationToken)
    {
        int position = partition.PositionOf(target);
        DriveReplica drive = partition.MemberAt(position, target);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            // (4)
            DriveResult<AcceptReply> reply = await AcceptAsync(partition, chosen, target, cancellationToken);
            if (!reply.IsOk || reply.Value.IsBucketClosed)
            {
                return new HealOutcome(HealVerdict.Unavailable);
            }

            // (5)
            RegisterEntry? held = await FindAsync(drive, chosen, reply.Value.IsAccepted);
            if (held is null)
            {
                // Superseded and dropped since it was accepted: what counts now, the next look tells.
                return reply.Value.IsAccepted ? new HealOutcome(HealVerdict.Unavailable) : null;
            }

            DriveResult<long> read = await ReadBackAsync(drive, held, cancellationToken);
            if (read.IsOk)
            {
                return reply.Value.IsAccepted
                    ? await CommitAsync(partition, chosen, drive, read.Value)
                    : new HealOutcome(HealVerdict.Healed, read.Value);
            }

            if (read.Fault is not (DriveFault.NotFound or DriveFault.Corrupt))
            {
                return new HealOutcome(HealVerdict.Unavailable);
            }

            if (!reply.Value.IsAccepted)
            {
                return null;
            }
        }

        return new HealOutcome(HealVerdict.Unavailable);
    }

    private async ValueTask<DriveResult<AcceptReply>> AcceptAsync(
        Partition partition, Proposal chosen, DriveHandle target, CancellationToken cancellationToken)
    {
        int position = partition.PositionOf(target);
        DriveReplica drive = partition.MemberAt(position, target);
        DriveResult<AcceptReply> reply = await drive.AcceptAsync(chosen.RequestFor(position));
        if (reply.Fault != DriveFault.NotFound)
        {
            return reply;
        }

        RestoredShards restored = await _restorer.RestoreAsync(
            partition, chosen, PositionSet.Of(position), cancellationToken);
        if (!restored.Positions.Contains(position))
        {
            return reply;
        }

        Proposal filled = chosen with
        {
            InlineShards = restored.Inline,
            InlinePositions = restored.Inline is null ? default : restored.Positions,
        };
        return await drive.AcceptAsync(filled.RequestFor(position));
    }

    // (6)
    private static async ValueTask<HealOutcome> CommitAsync(
        Partition partition, Proposal chosen, DriveReplica drive, long bytes)
    {
        DriveFault fault = await drive.CommitAsync(
            new CommitRequest(chosen.Key, chosen.Slot, chosen.Ballot, []));
        if (fault != DriveFault.None)
        {
            return new HealOutcome(HealVerdict.Unavailable);
        }

        if (chosen.IsRemoved)
        {
            await Forgetting.TryAsync(partition, chosen.Key, chosen.Slot, chosen.Ballot);
        }

        return new HealOutcome(HealVerdict.Healed, bytes);
    }

    /// <summary>
    /// Whether the drive has this value of the slot, or a younger one, knows that it is committed, and opens its shards.
    /// </summary>
    public static async ValueTask<bool> HoldsAsync(DriveReplica drive, RegisterKey key, VersionId slot, Ballot ballot)
    {
        if (await FindCommittedAsync(drive, key, slot, ballot) is not { } held)
        {
            return false;
        }

        foreach (DataId data in held.Data)
        {
            DriveResult<IShardReader> opened = await drive.OpenShardAsync(data);
            if (!opened.IsOk)
            {
                return false;
            }

            await opened.Value.DisposeAsync();
        }

        return true;
    }

    // What the drive has just accepted; or, as it did not, what it has instead because that is younger.
    private static async ValueTask<RegisterEntry?> FindAsync(DriveReplica drive, Proposal chosen, bool isAccepted)
    {
        if (!isAccepted)
        {
            return await FindCommittedAsync(drive, chosen.Key, chosen.Slot, chosen.Ballot);
        }

        DriveResult<RegisterView> view = await drive.ReadAsync(chosen.Key, chosen.Slot, withInline: false);
        return view.IsOk
            ? view.Value.Entries.FirstOrDefault(entry => entry.Slot == chosen.Slot && entry.Ballot == chosen.Ballot)
            : null;
    }

    private static async ValueTask<RegisterEntry?> FindCommittedAsync(
        DriveReplica drive, RegisterKey key, VersionId slot, Ballot ballot)
    {
        DriveResult<RegisterView> view = await drive.ReadAsync(key, slot, withInline: false);
        return view.IsOk
            ? view.Value.Entries.FirstOrDefault(
                entry => entry.Slot == slot && entry.IsCommitted && entry.Ballot >= ballot)
            : null;
    }

    /// <summary>Reads all shards of an entry; the drive drops those that are lost, so that it lacks them openly.</summary>
    /// <returns>Bytes read; NotFound or Corrupt when a shard is lost, otherwise why it cannot be told.</returns>
    private async ValueTask<DriveResult<long>> ReadBackAsync(
        DriveReplica drive, RegisterEntry entry, CancellationToken cancellationToken)
    {
        long bytes = 0;
        foreach (DataId data in entry.Data)
        {
            DriveResult<long> read = await ReadBackAsync(drive, data, pace, cancellationToken);
            if (read.Fault is DriveFault.NotFound or DriveFault.Corrupt)
            {
                _ = await drive.DropShardAsync(data);
            }

            if (!read.IsOk)
            {
                return read.Fault;
            }

            bytes += read.Value;
        }

        return bytes;
    }

    /// <returns>The shard's length, or why it cannot be read whole.</returns>
    public static async ValueTask<DriveResult<long>> ReadBackAsync(
        DriveReplica drive, DataId data, BackgroundPace? pace = null, CancellationToken cancellationToken = default)
    {
        DriveResult<IShardReader> opened = await drive.OpenShardAsync(data);
        if (!opened.IsOk)
        {
            return opened.Fault;
        }

        await using IShardReader reader = opened.Value;
        byte[] buffer = new byte[Math.Min(reader.Length, VerifySize)];
        long offset = 0;
        while (offset < reader.Length)
        {
            DriveResult<int> read = await drive.ReadShardAsync(reader, offset, buffer);
            if (!read.IsOk || read.Value == 0)
            {
                return read.IsOk ? DriveFault.Corrupt : read.Fault;
            }

            offset += read.Value;
            await (pace?.RestAsync(cancellationToken) ?? default);
        }

        return offset;
    }

    // A position that moves is not heard without its target, unless it moves there: then the drive that leaves it knows
    // all that was chosen with the position so far.
    private async ValueTask<ReplicaViews?> ReadOthersAsync(
        Partition partition, RegisterKey key, VersionId slot, DriveHandle target, CancellationToken cancellationToken)
    {
        int position = partition.PositionOf(target);
        bool isArriving = partition.IsArriving(position, target);
        partition = isArriving ? partition.AsLeaving : partition;
        ReadRound round = new(partition, key, slot, withInline: false, partition.ReadQuorum, engine);
        round.Start(partition.Reachable() - (isArriving ? default : PositionSet.Of(position)), default);
        await round.WaitAsync(cancellationToken);
        if (!round.HasVotes)
        {
            return null;
        }

        ReplicaViews views = new(key, slot, partition, engine.Records);
        foreach (int answered in round.Answered)
        {
            if (round.Replies[answered] is { IsOk: true } reply)
            {
                views.Add(answered, reply.Value);
            }
        }

        return views;
    }

    private async ValueTask<IReadOnlyCollection<VersionId>> ListSlotsAsync(RegisterKey key, DriveHandle target)
    {
        Partition partition = engine.PartitionOf(key);
        HashSet<VersionId> slots = [];
        foreach (DriveReplica other in partition.Drives.SelectMany(replica => replica.Members))
        {
            if (other.Drive == target || other.State == DriveState.Offline)
            {
                continue;
            }

            Ballot? olderThan = null;
            bool isCut = true;
            while (isCut)
            {
                DriveResult<ListReply> reply = await other.ListAsync(new ListRequest
                {
                    Space = key.Space,
                    Bucket = key.Bucket,
                    Prefix = key.Name,
                    From = key.Name,
                    AllVersions = true,
                    OlderThan = olderThan,
                    Limit = PageSize,
                });
                ListRow? row = reply.IsOk && reply.Value.Rows.Count > 0 ? reply.Value.Rows[0] : null;
                if (row is null || !row.Name.Span.SequenceEqual(key.Name.Span) || row.Entries.Count == 0)
                {
                    break;
                }

                slots.UnionWith(row.Entries.Select(entry => entry.Slot));
                isCut = row.IsCut;
                olderThan = row.Entries[^1].Birth;
            }
        }

        return [.. slots.OrderBy(slot => slot.Birth)];
    }
}
