using System.Buffers;
using System.IO.Pipelines;
using Cairn.Api.S3.Conditions;
using Cairn.Objects;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Bodies;

/// <summary>A range of a stored object on its way back into the store as a part.</summary>
/// <remarks>
/// A pipe couples the two: its limits bound the memory, and the source is only read as fast as the part is written.
/// Concurrency: one reader.
/// </remarks>
internal sealed class CopiedBody : IObjectBody, IAsyncDisposable
{
    private readonly Pipe _pipe = new();
    private readonly BodyDigests _digests;
    private readonly CancellationTokenSource _stop;
    private readonly Task _copying;
    private readonly long _length;
    private long _received;

    public CopiedBody(S3Call call, ObjectReader source, ByteRange range, ChecksumAlgorithm kept)
    {
        _length = range.Length;
        _digests = new BodyDigests(call.Md5, range.Length, needsSha256: false, claimed: null, kept);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
        _copying = CopyAsync(source, range, _stop.Token);
    }

    public long? Length => _length;

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        ReadResult result = await _pipe.Reader.ReadAsync(cancellationToken);
        ReadOnlySequence<byte> bytes = result.Buffer;
        if (bytes.Length > destination.Length)
        {
            bytes = bytes.Slice(0, destination.Length);
        }

        bytes.CopyTo(destination.Span);
        int size = (int)bytes.Length;
        _pipe.Reader.AdvanceTo(bytes.End);
        _received += size;
        return size;
    }

    public ValueTask HashAsync(ReadOnlyMemory<byte> bytes) => _digests.AppendAsync(bytes);

    public ValueTask<BodyDigest> FinishAsync(CancellationToken cancellationToken)
    {
        if (_received != _length)
        {
            throw new IOException("The source of a copy ended early.");
        }

        _digests.Finish(_received);
        return new ValueTask<BodyDigest>(new BodyDigest(_digests.Md5, _digests.Kept));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pipe.Reader.CompleteAsync();
        await _copying;
        _stop.Dispose();
        _digests.Dispose();
    }

    // Ends the pipe with the failure, which then reaches the store where it reads.
    private async Task CopyAsync(ObjectReader source, ByteRange range, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await source.CopyToAsync(_pipe.Writer, range.Offset, range.Length, cancellationToken);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await _pipe.Writer.CompleteAsync(failure);
    }
}
