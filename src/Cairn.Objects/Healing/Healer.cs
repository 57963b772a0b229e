using Cairn.Drives;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Healing;

/// <summary>Keeps all drives of the store whole, and says how that stands.</summary>
/// <remarks>Idle costs nothing: everything starts from an event (a drive's state, a missed write, a damaged shard).</remarks>
internal sealed class Healer
{
    private readonly StoreEngine _engine;
    private readonly HealPace _pace;
    private readonly Lock _gate = new();
    private volatile DriveHealing[] _drives = [];
    private readonly VersionRepair _repair;
    private int _isRepairing;
    private long _repaired;

    public Healer(StoreEngine engine, HealPace pace)
    {
        _engine = engine;
        _pace = pace;
        TakeDrives();
        _repair = new VersionRepair(engine, new RegisterHealer(engine));
        engine.Repairs.Added = OnDamaged;
        engine.Commits.Missed = OnMissed;
    }

    /// <summary>Told when healing of a drive begins and ends; must return at once.</summary>
    public Action<DriveHealStatus>? Changed { get; set; }

    /// <summary>Looks after drives that the layout has got since.</summary>
    public void TakeDrives()
    {
        lock (_gate)
        {
            DriveHealing[] fresh = [.. _engine.Drives.Skip(_drives.Length).Select(
                drive => new DriveHealing(_engine, drive, _pace) { Changed = Tell })];
            _drives = [.. _drives, .. fresh];
        }
    }

    /// <summary>A drive came, went, or returned: its own journal may name others, so all are looked after.</summary>
    public void OnDriveChanged()
    {
        foreach (DriveHealing drive in _drives)
        {
            if (drive.Target is { IsOwn: true, State: DriveState.Online or DriveState.Recovering })
            {
                drive.Want();
            }
            else if (drive.IsOwed)
            {
                OnMissed(drive.Target);
            }
        }
    }

    public HealStatus GetStatus()
    {
        StoreLayout layout = _engine.Layout;
        DriveHealing[] present =
            [.. _drives.Where(drive => layout.Drives[drive.Target.Index].Duty != LayoutDuty.Left)];
        DriveHealStatus[] drives = [.. present.Select(StatusOf)];
        // A drive that is about to be looked after may lack something.
        bool isWhole = _engine.Repairs.Count == 0 && present.All(drive => drive is
            { IsExpected: false, IsBusy: false, Target.State: DriveState.Online, Progress.Activity: HealActivity.Idle });
        return new HealStatus(drives, _engine.Repairs.Count, Interlocked.Read(ref _repaired), isWhole);
    }

    private static DriveHealStatus StatusOf(DriveHealing drive) => new(
        drive.Target.Id,
        NameOf(drive.Target.State),
        drive.Target.Timing.AsideReason,
        drive.Progress.Activity,
        drive.Progress.Objects,
        drive.Progress.Bytes,
        drive.Progress.Failed,
        drive.Progress.Progress,
        drive.Progress.Elapsed,
        drive.Progress.Remaining);

    private static string NameOf(DriveState state) => state switch
    {
        DriveState.Online => "online",
        DriveState.Recovering => "recovering",
        DriveState.Poisoned => "poisoned",
        _ => "offline",
    };

    private void Tell(DriveHealing drive) => Changed?.Invoke(StatusOf(drive));

    // A drive that is there and hiccupped is healed a little later. Its own node need not know of that, but it rebuilds it
    // alone. One that is away is healed by its own node when it returns; but that node may look at the journals before
    // this one's lines are in them, while the drive only seems to be away from here. So this node looks as well.
    private void OnMissed(DriveHandle drive)
    {
        _drives[drive.Index].IsOwed = true;
        if (!(drive.State == DriveState.Online || (drive.IsOwn && drive.State == DriveState.Recovering))
            || !_drives[drive.Index].TryExpect())
        {
            return;
        }

        if (!_engine.Background.Start(stopping => HealLaterAsync(drive, stopping)))
        {
            _drives[drive.Index].EndExpectation();
        }
    }

    private async Task HealLaterAsync(DriveHandle drive, CancellationToken stopping)
    {
        // One that is set aside would miss the repair, too. One that goes meanwhile is healed by its node when it is back.
        do
        {
            await Task.Delay(_pace.MissedDelay, _engine.Environment.Time, stopping);
        }
        while (drive.Timing.IsAside && drive.State != DriveState.Offline);

        _drives[drive.Index].EndExpectation();
        if (drive.IsOwn || drive.State == DriveState.Online)
        {
            _drives[drive.Index].IsOwed = false;
            _drives[drive.Index].Want();
        }
    }

    private async Task RetryLaterAsync(RepairTicket ticket, CancellationToken stopping)
    {
        await Task.Delay(_pace.LastRetry, _engine.Environment.Time, stopping);
        _engine.Repairs.Add(ticket);
    }

    private void OnDamaged()
    {
        if (Interlocked.Exchange(ref _isRepairing, 1) == 0 && !_engine.Background.Start(RepairAsync))
        {
            _isRepairing = 0;
        }
    }

    private async Task RepairAsync(CancellationToken stopping)
    {
        do
        {
            while (_engine.Repairs.TryTake(out RepairTicket ticket))
            {
                stopping.ThrowIfCancellationRequested();
                (int repaired, bool isWhole) = await _repair.RunAsync(ticket, stopping);
                Interlocked.Add(ref _repaired, repaired);
                if (!isWhole)
                {
                    // Too few drives for now. Forgotten, the damage would be met again only by the next unlucky read.
                    _engine.Background.Start(later => RetryLaterAsync(ticket, later));
                }
            }

            Volatile.Write(ref _isRepairing, 0);
        }
        while (_engine.Repairs.Count > 0 && Interlocked.Exchange(ref _isRepairing, 1) == 0);
    }
}
