using System.IO.Pipelines;
using Cairn.Api.S3.Errors;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Bodies;

/// <summary>The bytes of a request as they come, with an end to patience.</summary>
/// <remarks>
/// Purpose: a client that stops sending, or drips, must not hold a request for ever; and it is told so in S3's words
/// instead of finding its connection reset.
/// Invariants: only the time spent waiting for the client counts. A store that is slow to take the bytes never makes
/// its client look slow.
/// Concurrency: one reader.
/// </remarks>
internal sealed class BodyPipe(PipeReader reader, TimeProvider time, TimeSpan patience) : IDisposable
{
    /// <summary>
    /// The rate under which waiting is not worth it; the figure that Kestrel uses for the same purpose.
    /// </summary>
    private const long MinBytesPerSecond = 240;

    private ITimer? _timer;
    private TimeSpan _waited;
    private long _received;

    /// <summary>Waits for more bytes than were examined so far.</summary>
    /// <exception cref="S3Exception">RequestTimeout, or IncompleteBody when the client ends the body early.</exception>
    public ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        ValueTask<ReadResult> pending = reader.ReadAsync(cancellationToken);
        if (!pending.IsCompletedSuccessfully)
        {
            return WaitAsync(pending);
        }

        ReadResult result = pending.Result;
        return result.IsCanceled ? throw new S3Exception(S3Error.RequestTimeout) : new ValueTask<ReadResult>(result);
    }

    public void AdvanceTo(SequencePosition consumed, long consumedBytes)
    {
        _received += consumedBytes;
        reader.AdvanceTo(consumed);
    }

    public void AdvanceTo(SequencePosition consumed, SequencePosition examined) => reader.AdvanceTo(consumed, examined);

    public void Dispose() => _timer?.Dispose();

    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> pending)
    {
        _timer ??= time.CreateTimer(
            static state => ((PipeReader)state!).CancelPendingRead(),
            reader,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _timer.Change(patience, Timeout.InfiniteTimeSpan);
        long started = time.GetTimestamp();
        ReadResult result;
        try
        {
            result = await pending;
        }
        catch (BadHttpRequestException exception)
        {
            throw new S3Exception(exception.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => S3Error.EntityTooLarge,
                StatusCodes.Status408RequestTimeout => S3Error.RequestTimeout,
                _ => S3Error.IncompleteBody,
            });
        }
        finally
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _waited += time.GetElapsedTime(started);
        if (result.IsCanceled || (_waited > patience && _received < _waited.TotalSeconds * MinBytesPerSecond))
        {
            throw new S3Exception(S3Error.RequestTimeout);
        }

        return result;
    }
}
