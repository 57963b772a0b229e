using Cairn.Cluster.Agreement;
using Cairn.Objects.Layout;

namespace Cairn.Objects.Formation;

/// <summary>Tells a running node of layouts that the nodes agree on later.</summary>
/// <remarks>A look costs a small message to every node and no write; a change is read by majority.</remarks>
public sealed class LayoutWatch
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly DocumentAgreement _agreement;
    private readonly VoterEntry _entry;
    private readonly TimeProvider _time;
    private long _version;
    // Its continuations run inside: who waits with a token must not be sent to another thread first.
    private volatile TaskCompletionSource _hurry = new();

    internal LayoutWatch(DocumentAgreement agreement, long version, VoterEntry entry, TimeProvider time)
    {
        _entry = entry;
        _agreement = agreement;
        _version = version;
        _time = time;
    }

    /// <summary>There is, or may be, something new: look at once.</summary>
    public void Hurry() => _hurry.TrySetResult();

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="changed">Told of every newer layout, one after the other; it may have skipped some.</param>
    /// <param name="stop">Ends the watch.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task RunAsync(Func<StoreLayout, ValueTask> changed, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(changed);
        while (true)
        {
            using (_time.CreateTimer(
                static watch => ((LayoutWatch)watch!).Hurry(), this, Period, Timeout.InfiniteTimeSpan))
            {
                await _hurry.Task.WaitAsync(stop);
            }

            _hurry = new TaskCompletionSource();
            if (await _agreement.PeekVersionAsync(stop) > _version
                && await _agreement.ReadAsync(stop) is { } agreed
                && agreed.Version > _version)
            {
                StoreLayout layout = LayoutFormation.Decode(agreed);
                await changed(layout);
                _version = agreed.Version;
                _entry.Take(layout);
            }

            await _entry.TryEnterAsync(stop);
        }
    }
}
