using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Drives.Scrub;
using Cairn.Objects;
using Cairn.Server.Diagnostics;
using Cairn.Server.Options;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Composition;

/// <summary>Reads every drive through once in a while, so that damage nobody meets is found while it can be repaired.</summary>
/// <remarks>
/// Steps, for each drive in a loop of its own: (1) wait until its last complete check is old enough; (2) go on where the
/// check stopped; (3) hand what is bad to healing; (4) note on the drive how far it is.
/// Failure: a drive that goes ends its run, which goes on from the last note when it is back; what lies between is read
/// twice. Concurrency: the loops share nothing but the store.
/// </remarks>
internal sealed class DriveScrubbing : IAsyncDisposable
{
    /// <summary>Bounds what is read twice after a restart, without a sync for every step.</summary>
    private static readonly TimeSpan NotePeriod = TimeSpan.FromMinutes(1);

    /// <summary>How soon a drive that was not there is looked at again.</summary>
    private static readonly TimeSpan AbsencePause = TimeSpan.FromSeconds(10);

    private readonly ObjectStore _store;
    private readonly ServerModel _model;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loops;

    private DriveScrubbing(
        IEnumerable<DriveBay> bays, ObjectStore store, ServerModel model, TimeProvider time, ILogger logger)
    {
        _store = store;
        _model = model;
        _time = time;
        _logger = logger;
        _loops = Task.WhenAll(bays.Select(LoopAsync));
    }

    /// <returns>Null when the operator wants no checks.</returns>
    public static DriveScrubbing? Start(
        IEnumerable<DriveBay> bays, ObjectStore store, ServerModel model, TimeProvider time, ILogger logger) =>
        model.ScrubPeriod > TimeSpan.Zero ? new DriveScrubbing(bays, store, model, time, logger) : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops;
        _stop.Dispose();
    }

    private async Task LoopAsync(DriveBay bay)
    {
        try
        {
            while (true)
            {
                TimeSpan pause = bay.Drive is { } drive ? await RunAsync(bay, drive) : AbsencePause;
                await Task.Delay(pause, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }

    /// <returns>How long to wait.</returns>
    private async Task<TimeSpan> RunAsync(DriveBay bay, LocalDrive drive)
    {
        ScrubNote? found = await ScrubNote.ReadAsync(drive, _stop.Token);
        if (found is not { } note)
        {
            // A new drive has nothing old enough to have rotted.
            await new ScrubNote(default, _time.GetUtcNow()).WriteAsync(drive, _stop.Token);
            return _model.ScrubPeriod;
        }

        TimeSpan rest = note.Completed + _model.ScrubPeriod - _time.GetUtcNow(); // (1)
        if (rest > TimeSpan.Zero)
        {
            return rest < _model.ScrubPeriod ? rest : _model.ScrubPeriod;
        }

        long bytes = 0;
        long findings = 0;
        long noted = _time.GetTimestamp();
        DriveFault fault = await ScrubPace.RunAsync( // (2)
            drive,
            note.Checkpoint,
            _model.ScrubBytesPerSecond,
            _time,
            async step =>
            {
                bytes += step.ByteCount;
                findings += step.Findings.Count;
                Report(step.Findings);
                if (_time.GetElapsedTime(noted) > NotePeriod)
                {
                    noted = _time.GetTimestamp();
                    await (note with { Checkpoint = step.Next }).WriteAsync(drive, _stop.Token); // (4)
                }
            },
            _stop.Token);
        if (fault != DriveFault.None)
        {
            return AbsencePause;
        }

        Log.Scrubbed(_logger, bay.Name, bytes, findings);
        await new ScrubNote(default, _time.GetUtcNow()).WriteAsync(drive, _stop.Token); // (4)
        return _model.ScrubPeriod;
    }

    // (3)
    private void Report(IReadOnlyList<ScrubFinding> findings)
    {
        foreach (ScrubFinding finding in findings)
        {
            if (finding is { Kind: ScrubFindingKind.Shard, Key: { } key, Slot: { } slot })
            {
                _store.RequestRepair(key, slot);
            }
            else
            {
                // The drive has it in its own journal.
                _store.OnDriveChanged();
            }
        }
    }
}
