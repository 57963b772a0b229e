using Cairn.Objects;
using Cairn.Objects.Records;
using Cairn.Primitives.Checksums;

namespace Cairn.UnitTests.Objects.Store;

/// <summary>Bytes from memory, in runs of a given size; may break off instead of ending.</summary>
internal sealed class TestBody(byte[] bytes, ChecksumAlgorithm? checksum = null, int runSize = int.MaxValue) : IObjectBody
{
    private readonly Md5 _md5 = new();
    private readonly ChecksumHash? _hash = checksum is { } algorithm ? ChecksumHash.TryStart(algorithm) : null;
    private int _position;

    public long? Length => bytes.Length;

    /// <summary>Thrown instead of the end.</summary>
    public Exception? Breaks { get; init; }

    /// <summary>Awaited before the end.</summary>
    public Task? WaitsFor { get; init; }

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int size = Math.Min(Math.Min(runSize, destination.Length), bytes.Length - _position);
        if (size == 0)
        {
            if (WaitsFor is not null)
            {
                await WaitsFor;
            }

            return Breaks is null ? 0 : throw Breaks;
        }

        bytes.AsMemory(_position, size).CopyTo(destination);
        _position += size;
        return size;
    }

    public ValueTask HashAsync(ReadOnlyMemory<byte> run)
    {
        Hash(run.Span);
        return ValueTask.CompletedTask;
    }

    private void Hash(ReadOnlySpan<byte> run)
    {
        _md5.Append(run);
        _hash?.Append(run);
    }

    public ValueTask<BodyDigest> FinishAsync(CancellationToken cancellationToken)
    {
        byte[] md5 = new byte[ETag.Md5Size];
        _md5.WriteDigest(md5);
        return ValueTask.FromResult(new BodyDigest(
            md5,
            _hash is null ? null : new ObjectChecksum(checksum!.Value, ChecksumType.FullObject, _hash.Finish())));
    }
}
