using System.Buffers;

namespace Cairn.Drives.Shards;

/// <summary>Sizes of the buffers between shards and files.</summary>
internal static class ShardBuffer
{
    /// <summary>
    /// Chunks that go to or come from a file in one call. Three, because with their checksums they just fit the pool's
    /// buffers of 256 KiB; four would take twice the memory.
    /// </summary>
    public const int Chunks = 3;

    public const int Size = ShardLayout.HeaderSize + Chunks * ShardLayout.FrameSize;

    public static byte[] Rent() => ArrayPool<byte>.Shared.Rent(Size);

    public static void Return(byte[] buffer) => ArrayPool<byte>.Shared.Return(buffer);
}
