using System.Threading.Tasks.Sources;

namespace Cairn.Primitives.Checksums;

/// <summary>One message whose pieces are hashed together with those of other streams.</summary>
/// <remarks>Concurrency: one call at a time per stream. See <see cref="Md5Combiner"/>.</remarks>
public sealed class Md5Stream : IValueTaskSource<bool>, IDisposable
{
    // Below this, hashing alone is over before another stream could be asked.
    private const int SmallestShared = 2048;

    private readonly Md5Combiner _combiner;
    private ManualResetValueTaskSourceCore<bool> _turn = new() { RunContinuationsAsynchronously = true };
    private bool _isDisposed;

    internal Md5Stream(Md5Combiner combiner) => _combiner = combiner;

    internal Md5 Message { get; } = new();

    internal ReadOnlyMemory<byte> Piece { get; private set; }

    /// <summary>Hashes the next bytes of the message. They must stay as they are until the task completes, and are not
    /// retained after that. Cannot be cancelled: the wait is that for one batch, milliseconds with pieces of 1 MiB.
    /// Prefer pieces of 64 KiB to 1 MiB of equal size: a batch ends with its longest piece.</summary>
    /// <exception cref="InvalidOperationException">The memory of this or of another piece of the batch was freed while
    /// it was hashed; the message is lost.</exception>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> source)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (source.Length < SmallestShared || !_combiner.HasCompany)
        {
            Message.Append(source.Span);
            return ValueTask.CompletedTask;
        }

        return AppendTogetherAsync(source);
    }

    /// <summary>Writes the 16 bytes of the digest of everything appended so far.</summary>
    public void WriteDigest(Span<byte> digest) => Message.WriteDigest(digest);

    /// <summary>Ends the message; not while an append is under way.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _combiner.Close();
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _turn.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _turn.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _turn.OnCompleted(continuation, state, token, flags);

    internal void Wake(bool leads, Exception? failure)
    {
        if (failure is null)
        {
            _turn.SetResult(leads);
        }
        else
        {
            _turn.SetException(new InvalidOperationException("Hashing a batch of streams failed.", failure));
        }
    }

    private async ValueTask AppendTogetherAsync(ReadOnlyMemory<byte> source)
    {
        _turn.Reset();
        Piece = source;
        try
        {
            var leads = _combiner.Enter(this);
            if (leads)
            {
                // Whatever is ready to run comes first and may enter the queue; with nothing ready this costs
                // microseconds.
                await Task.Yield();
            }
            else
            {
                leads = await new ValueTask<bool>(this, _turn.Version);
            }

            if (leads)
            {
                _combiner.Lead();
            }
        }
        finally
        {
            Piece = default;
        }
    }
}
