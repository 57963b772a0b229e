using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Quorum;

/// <summary>A position that moves: the drive that has it and the one that is to have it, as one.</summary>
/// <remarks>
/// Invariants: an accept or promise counts as given only when both gave it, and only as surely not given when neither did;
/// a view shows what either holds. So quorums that count the one drive or the other meet those that count both.
/// Data is read from the drive that leaves, which has all of it; the other one helps out.
/// See: docs/design/elastic-layout.md.
/// </remarks>
internal sealed class JointReplica(DriveReplica leaving, DriveReplica arriving) : Replica
{
    public override DriveId Id => leaving.Id;

    public override DriveState State => (leaving.State, arriving.State) switch
    {
        (DriveState.Online, DriveState.Online) => DriveState.Online,
        (DriveState.Offline, _) or (_, DriveState.Offline) => DriveState.Offline,
        (DriveState.Poisoned, _) or (_, DriveState.Poisoned) => DriveState.Poisoned,
        _ => DriveState.Recovering,
    };

    public override DriveTiming Timing => leaving.Timing;

    public override bool IsAside => leaving.IsAside || arriving.IsAside;

    public override bool IsAcceptor => leaving.IsAcceptor && arriving.IsAcceptor;

    public override IReadOnlyList<DriveReplica> Members { get; } = [leaving, arriving];

    // Each drive's rest is counted where its answer is taken.
    public override bool IsRestedFor(RegisterKey key) => false;

    public override async ValueTask<DriveResult<AcceptReply>> AcceptAsync(AcceptRequest request)
    {
        (DriveResult<AcceptReply> left, DriveResult<AcceptReply> right) =
            await BothAsync(leaving.AcceptAsync(request), arriving.AcceptAsync(request));
        if (left.IsOk && right.IsOk)
        {
            return left.Value.IsAccepted != right.Value.IsAccepted
                ? DriveFault.Timeout
                : new AcceptReply(
                    left.Value.IsAccepted,
                    IsVote(leaving, left.Value, request.Key) && IsVote(arriving, right.Value, request.Key),
                    left.Value.Highest > right.Value.Highest ? left.Value.Highest : right.Value.Highest,
                    left.Value.IsBucketClosed || right.Value.IsBucketClosed);
        }

        // That data lacks is of use to the caller even where the other drive has taken the value (AcceptRound knows).
        if (left.Fault == DriveFault.NotFound || right.Fault == DriveFault.NotFound)
        {
            return DriveFault.NotFound;
        }

        return IsSurelyNotTaken(left) && IsSurelyNotTaken(right) ? FaultOf(left, right) : DriveFault.Timeout;
    }

    public override async ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot)
    {
        (DriveResult<PrepareReply> left, DriveResult<PrepareReply> right) =
            await BothAsync(leaving.PrepareAsync(key, ballot, slot), arriving.PrepareAsync(key, ballot, slot));
        if (!left.IsOk || !right.IsOk)
        {
            return FaultOf(left, right);
        }

        Ballot highest = left.Value.Highest > right.Value.Highest ? left.Value.Highest : right.Value.Highest;
        return left.Value is { IsPromised: true, View: { } leavingView }
            && right.Value is { IsPromised: true, View: { } arrivingView }
            ? new PrepareReply(true, highest, JointView.Of(leavingView, arrivingView, slot))
            : new PrepareReply(false, highest, null);
    }

    public override async ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline)
    {
        (DriveResult<RegisterView> left, DriveResult<RegisterView> right) =
            await BothAsync(leaving.ReadAsync(key, slot, withInline), arriving.ReadAsync(key, slot, withInline));
        return left.IsOk && right.IsOk ? JointView.Of(left.Value, right.Value, slot) : FaultOf(left, right);
    }

    public override async ValueTask<DriveResult<ListReply>> ListAsync(ListRequest request)
    {
        (DriveResult<ListReply> left, DriveResult<ListReply> right) =
            await BothAsync(leaving.ListAsync(request), arriving.ListAsync(request));
        if (!left.IsOk || !right.IsOk)
        {
            return FaultOf(left, right);
        }

        ListRow? leavingRow = RowOf(left.Value, request);
        ListRow? arrivingRow = RowOf(right.Value, request);
        bool isVoting = left.Value.IsVoting && right.Value.IsVoting;
        return new ListReply(isVoting, Merge(leavingRow, arrivingRow) is { } row ? [row] : [], IsEnd: false);
    }

    public override ValueTask<DriveFault> CommitAsync(CommitRequest request) =>
        BothAsync(leaving.CommitAsync(request), arriving.CommitAsync(request));

    public override ValueTask<DriveFault> ForgetAsync(RegisterKey key, VersionId slot, Ballot ballot) =>
        BothAsync(leaving.ForgetAsync(key, slot, ballot), arriving.ForgetAsync(key, slot, ballot));

    public override async ValueTask<DriveResult<IShardWriter>> CreateShardAsync(DataId data, long sizeHint)
    {
        (DriveResult<IShardWriter> left, DriveResult<IShardWriter> right) = await BothAsync(
            leaving.CreateShardAsync(data, sizeHint), arriving.CreateShardAsync(data, sizeHint));
        if (left.IsOk && right.IsOk)
        {
            return new JointShardWriter(leaving, left.Value, arriving, right.Value);
        }

        foreach (DriveResult<IShardWriter> begun in (DriveResult<IShardWriter>[])[left, right])
        {
            if (begun.IsOk)
            {
                await begun.Value.DisposeAsync();
            }
        }

        return FaultOf(left, right);
    }

    public override async ValueTask<DriveResult<IShardReader>> OpenShardAsync(DataId data)
    {
        DriveResult<IShardReader> opened = await leaving.OpenShardAsync(data);
        if (opened.IsOk)
        {
            return opened;
        }

        DriveResult<IShardReader> other = await arriving.OpenShardAsync(data);
        return other.IsOk ? other : opened.Fault;
    }

    public override async ValueTask<DriveResult<IShardHold>> HoldShardsAsync(IReadOnlyList<DataId> data)
    {
        (DriveResult<IShardHold> left, DriveResult<IShardHold> right) =
            await BothAsync(leaving.HoldShardsAsync(data), arriving.HoldShardsAsync(data));
        return left.IsOk && right.IsOk ? new JointShardHold(left.Value, right.Value) : left.IsOk ? left : right;
    }

    public override ValueTask<DriveResult<int>> ReadShardAsync(
        IShardReader reader, long offset, Memory<byte> destination) => leaving.ReadShardAsync(reader, offset, destination);

    // The two drives' own times are kept by the writer.
    public override ValueTask<DriveFault> WriteShardAsync(IShardWriter writer, ReadOnlyMemory<byte> bytes) =>
        ((JointShardWriter)writer).WriteAsync(bytes, CancellationToken.None);

    public override ValueTask<DriveFault> WriteShardAsync(
        IShardWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> runs) =>
        ((JointShardWriter)writer).WriteAsync(runs, CancellationToken.None);

    public override ValueTask<DriveFault> SealShardAsync(IShardWriter writer) =>
        ((JointShardWriter)writer).SealAsync(CancellationToken.None);

    public override ValueTask<DriveFault> DropShardAsync(DataId data) =>
        BothAsync(leaving.DropShardAsync(data), arriving.DropShardAsync(data));

    private static bool IsVote(DriveReplica drive, AcceptReply reply, RegisterKey key) =>
        reply.IsVoting || drive.IsRestedFor(key);

    private static bool IsSurelyNotTaken(DriveResult<AcceptReply> reply) => reply.Fault switch
    {
        DriveFault.None => !reply.Value.IsAccepted,
        DriveFault.Full or DriveFault.Busy or DriveFault.Fenced => true,
        _ => false,
    };

    private static DriveFault FaultOf<T>(DriveResult<T> left, DriveResult<T> right) =>
        left.IsOk ? right.Fault : left.Fault;

    private static ListRow? RowOf(ListReply reply, ListRequest request) =>
        reply.Rows.Count > 0 && reply.Rows[0].Name.Span.SequenceEqual(request.From.Span) ? reply.Rows[0] : null;

    // What one list was cut off at, the other may not go below: it would look as if the first one had nothing there.
    private static ListRow? Merge(ListRow? left, ListRow? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        Ballot floor = Ballot.Zero;
        foreach (ListRow row in (ListRow[])[left, right])
        {
            if (row is { IsCut: true, Entries.Count: > 0 } && row.Entries[^1].Birth > floor)
            {
                floor = row.Entries[^1].Birth;
            }
        }

        List<RegisterEntry> entries = JointView.Merge(left.Entries, right.Entries);
        entries.RemoveAll(entry => entry.Birth < floor);
        return new ListRow(left.Name, entries, left.IsCut || right.IsCut);
    }

    private static async ValueTask<(T Left, T Right)> BothAsync<T>(ValueTask<T> left, ValueTask<T> right)
    {
        // Started both before the first is awaited; drives answer faults instead of throwing.
        T first = await left;
        return (first, await right);
    }

    internal static async ValueTask<DriveFault> BothAsync(ValueTask<DriveFault> left, ValueTask<DriveFault> right)
    {
        DriveFault first = await left;
        DriveFault second = await right;
        return first == DriveFault.None ? second : first;
    }
}
