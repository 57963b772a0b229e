using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Quorum;

/// <summary>A drive at a position of a partition, called in the name of one layout.</summary>
internal sealed class DriveReplica : Replica
{
    private readonly long _epoch;

    public DriveReplica(DriveHandle drive, long epoch)
    {
        Drive = drive;
        _epoch = epoch;
        Members = [this];
    }

    public DriveHandle Drive { get; }

    public override DriveId Id => Drive.Id;

    public override DriveState State => Drive.State;

    public override DriveTiming Timing => Drive.Timing;

    public override bool IsAside => Drive.Timing.IsAside;

    public override bool IsAcceptor => Drive.IsAcceptor;

    public override IReadOnlyList<DriveReplica> Members { get; }

    public override bool IsRestedFor(RegisterKey key) => Drive.IsRestedFor(key);

    public override ValueTask<DriveResult<AcceptReply>> AcceptAsync(AcceptRequest request) =>
        Drive.AcceptAsync(request, _epoch);

    public override ValueTask<DriveResult<PrepareReply>> PrepareAsync(RegisterKey key, Ballot ballot, VersionId? slot) =>
        Drive.PrepareAsync(key, ballot, slot, _epoch);

    public override ValueTask<DriveResult<RegisterView>> ReadAsync(RegisterKey key, VersionId? slot, bool withInline) =>
        Drive.ReadAsync(key, slot, withInline, _epoch);

    public override ValueTask<DriveResult<ListReply>> ListAsync(ListRequest request) => Drive.ListAsync(request, _epoch);

    public override ValueTask<DriveFault> CommitAsync(CommitRequest request) => Drive.CommitAsync(request);

    public override ValueTask<DriveFault> ForgetAsync(RegisterKey key, VersionId slot, Ballot ballot) =>
        Drive.ForgetAsync(key, slot, ballot);

    public override ValueTask<DriveResult<IShardWriter>> CreateShardAsync(DataId data, long sizeHint) =>
        Drive.CreateShardAsync(data, sizeHint);

    public override ValueTask<DriveResult<IShardReader>> OpenShardAsync(DataId data) => Drive.OpenShardAsync(data);

    public override ValueTask<DriveResult<IShardHold>> HoldShardsAsync(IReadOnlyList<DataId> data) =>
        Drive.HoldShardsAsync(data);

    public override ValueTask<DriveResult<int>> ReadShardAsync(
        IShardReader reader, long offset, Memory<byte> destination) => Drive.ReadShardAsync(reader, offset, destination);

    public override ValueTask<DriveFault> WriteShardAsync(IShardWriter writer, ReadOnlyMemory<byte> bytes) =>
        Drive.WriteShardAsync(writer, bytes);

    public override ValueTask<DriveFault> WriteShardAsync(
        IShardWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> runs) => Drive.WriteShardAsync(writer, runs);

    public override ValueTask<DriveFault> SealShardAsync(IShardWriter writer) => Drive.SealShardAsync(writer);

    public override ValueTask<DriveFault> DropShardAsync(DataId data) => Drive.DropShardAsync(data);
}
