using Cairn.Drives;
using Cairn.Drives.Shards;

namespace Cairn.Objects.Quorum;

/// <summary>Writes the same shard on both drives of a position that moves.</summary>
/// <remarks>Failure: what fails on one drive fails; disposed without a seal, nothing stays on either.</remarks>
internal sealed class JointShardWriter(
    DriveReplica leaving, IShardWriter left, DriveReplica arriving, IShardWriter right) : IShardWriter
{
    public ValueTask<DriveFault> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        JointReplica.BothAsync(leaving.WriteShardAsync(left, bytes), arriving.WriteShardAsync(right, bytes));

    public ValueTask<DriveFault> WriteAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> runs, CancellationToken cancellationToken) =>
        JointReplica.BothAsync(leaving.WriteShardAsync(left, runs), arriving.WriteShardAsync(right, runs));

    public ValueTask<DriveFault> SealAsync(CancellationToken cancellationToken) =>
        JointReplica.BothAsync(leaving.SealShardAsync(left), arriving.SealShardAsync(right));

    public async ValueTask DisposeAsync()
    {
        await left.DisposeAsync();
        await right.DisposeAsync();
    }
}
