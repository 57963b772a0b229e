using System.Buffers;
using System.IO.Pipelines;
using Cairn.Objects.Data;
using Cairn.Objects.Records;
using Cairn.Primitives.Checksums;

namespace Cairn.Objects.Versions;

/// <summary>The bytes of a stored version on their way into another one.</summary>
/// <remarks>
/// Reading and writing overlap through a pipe that holds a bounded run of bytes. Disposing ends the reading, whether
/// the copy came to its end or not.
/// </remarks>
internal sealed class CopyBody(ObjectDataReader? source, VersionRecord record, ChecksumAlgorithm? checksum)
    : IObjectBody, IAsyncDisposable
{
    /// <summary>Enough to keep the next stripe coming while this one is coded.</summary>
    private const int PauseAtBytes = 4 * 1024 * 1024;

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: PauseAtBytes, resumeWriterThreshold: PauseAtBytes / 2));

    private readonly CancellationTokenSource _abandoned = new();
    private readonly Md5 _md5 = new();
    private readonly ChecksumHash? _hash = checksum is { } algorithm ? ChecksumHash.TryStart(algorithm) : null;
    private Task? _feeding;
    private long _size;

    public long? Length => record.Size;

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (source is null)
        {
            return 0;
        }

        _feeding ??= FeedAsync(source);
        ReadResult read = await _pipe.Reader.ReadAsync(cancellationToken);
        ReadOnlySequence<byte> run = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, destination.Length));
        run.CopyTo(destination.Span);

        // Taken before the advance, which gives the run's segments back to the pipe.
        int length = (int)run.Length;
        _pipe.Reader.AdvanceTo(run.End);
        return length;
    }

    public ValueTask HashAsync(ReadOnlyMemory<byte> bytes)
    {
        Hash(bytes.Span);
        return ValueTask.CompletedTask;
    }

    private void Hash(ReadOnlySpan<byte> bytes)
    {
        _size += bytes.Length;
        _md5.Append(bytes);
        _hash?.Append(bytes);
    }

    /// <exception cref="DataUnavailableException">The bytes are not those that the source's record describes.</exception>
    public ValueTask<BodyDigest> FinishAsync(CancellationToken cancellationToken)
    {
        byte[] md5 = new byte[ETag.Md5Size];
        _md5.WriteDigest(md5);
        ObjectChecksum? copied = _hash is null
            ? null
            : new ObjectChecksum(checksum!.Value, ChecksumType.FullObject, _hash.Finish());
        bool isWhole = _size == record.Size
            && (record.ETag.PartCount > 0 || ETag.Of(md5, partCount: 0) == record.ETag);
        return isWhole
            ? ValueTask.FromResult(new BodyDigest(md5, copied))
            : throw new DataUnavailableException("The bytes of the source do not match its size and MD5.");
    }

    public async ValueTask DisposeAsync()
    {
        _abandoned.Cancel();
        await _pipe.Reader.CompleteAsync();
        if (_feeding is not null)
        {
            await _feeding;
        }

        _abandoned.Dispose();
        _hash?.Dispose();
        if (source is not null)
        {
            await source.DisposeAsync();
        }
    }

    private async Task FeedAsync(ObjectDataReader bytes)
    {
        try
        {
            await bytes.CopyToAsync(_pipe.Writer, 0, record.Size, _abandoned.Token);
            await _pipe.Writer.CompleteAsync();
        }
        catch (Exception e)
        {
            // The reading end throws it, which is where the copy waits.
            await _pipe.Writer.CompleteAsync(e);
        }
    }
}
