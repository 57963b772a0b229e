using Cairn.Drives.Os;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>Reads a shard file whole, to see whether it is good.</summary>
internal static class ShardCheck
{
    /// <param name="files">Where it is.</param>
    /// <param name="data">The shard.</param>
    /// <param name="length">What its row says, in bytes.</param>
    /// <param name="cancellationToken">Nothing was found out.</param>
    /// <returns>The bytes read; NotFound or Corrupt when the shard is lost; another fault when that cannot be told now.</returns>
    public static async ValueTask<DriveResult<long>> ReadWholeAsync(
        ShardFiles files, DataId data, long length, CancellationToken cancellationToken)
    {
        try
        {
            IDriveFile file = await files.OpenAsync(data, cancellationToken);
            await using LocalShardReader reader = await LocalShardReader.OpenAsync(
                data, file, length, static _ => { }, cancellationToken);
            byte[] buffer = new byte[ShardBuffer.Chunks * ShardLayout.ChunkSize];
            for (long offset = 0; offset < length; offset += buffer.Length)
            {
                DriveResult<int> read = await reader.ReadAsync(offset, buffer, cancellationToken);
                if (!read.IsOk)
                {
                    return read.Fault;
                }
            }

            return length;
        }
        catch (DriveIoException e)
        {
            return e.Fault;
        }
    }
}
