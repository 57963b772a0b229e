using Cairn.Drives.Registers;
using Cairn.Objects.Commit;

namespace Cairn.Objects.Data;

/// <summary>Cuts bodies into shards on the drives of a key's partition, and puts them together again.</summary>
internal sealed class DataStore
{
    /// <summary>Reads a body to its end, codes it, and makes it durable on at least the write quorum of drives.</summary>
    /// <remarks>
    /// Small data stays in memory (StagedData.InlineShards). Parity is raised when drives are missing. Exceptions of the
    /// body pass through after what was written has been removed.
    /// </remarks>
    /// <returns>WriteQuorumLost, StorageFull or InvalidStorageClass when it cannot be placed.</returns>
    public ValueTask<ObjectResult<StagedData>> StageAsync(
        RegisterKey key, string storageClass, IObjectBody body, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Removes staged data that will not be committed. Never throws; what cannot be removed now is swept later.</summary>
    public ValueTask DiscardAsync(RegisterKey key, StagedData staged) => throw new NotImplementedException();

    /// <summary>Opens the pieces of a version, one behind the other.</summary>
    /// <param name="key">Locates the partition.</param>
    /// <param name="value">The version, as read; holds inline shards if it was read with them.</param>
    /// <param name="pieces">From the version's record, in order.</param>
    public ObjectDataReader Open(RegisterKey key, RegisterValue value, IReadOnlyList<DataPiece> pieces) =>
        throw new NotImplementedException();
}
