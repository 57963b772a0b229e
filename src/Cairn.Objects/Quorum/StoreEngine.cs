using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Healing;
using Cairn.Objects.Layout;
using Cairn.Objects.Partitions;
using Cairn.Primitives.Clocks;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Quorum;

/// <summary>The drives of a store, put together: what the namespace above is built on.</summary>
/// <remarks>
/// Purpose: the one composition of layout, drives, clock and limits. Built with new, in production and in the
/// simulator alike. Ownership: the engine disposes the drives that are attached when it is disposed.
/// </remarks>
internal sealed class StoreEngine : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private volatile StorePlacement _placement;
    private TaskCompletionSource _taken = NewSignal();

    /// <param name="layout">Which drives hold what.</param>
    /// <param name="drives">Those of the layout that are there; the others may be attached later.</param>
    /// <param name="records">Knows the bodies of values.</param>
    /// <param name="environment">Time, chance and work.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="ArgumentException">A drive is not part of the layout.</exception>
    public StoreEngine(
        StoreLayout layout,
        IEnumerable<IDrive> drives,
        IRecordPieces records,
        StoreEnvironment environment,
        QuorumOptions options)
    {
        Records = records;
        Environment = environment;
        Options = options;
        Clients = new ClientTime(environment.Time);
        Clock = new HybridClock(environment.Time, environment.Entropy);
        Background = new BackgroundWork(environment.Work);
        Watch = new RoundWatch(environment.Time, options.StragglerDelay);
        Commits = new CommitSender(Background, options);
        _placement = new StorePlacement(layout, [.. layout.Drives.Select((drive, index) => NewHandle(index, drive.Id))]);
        foreach (IDrive drive in drives)
        {
            HandleOf(drive.Id).Attach(drive);
        }

        Quorum = new RegisterQuorum(this);
        Data = new DataStore(this);
    }

    /// <summary>The newest layout that was taken, and what follows from it.</summary>
    public StorePlacement Placement => _placement;

    public StoreLayout Layout => _placement.Layout;

    /// <summary>By number in the layout.</summary>
    public IReadOnlyList<DriveHandle> Drives => _placement.Drives;

    /// <summary>For calls that decide nothing. Nodes of the first release do not know any while the layout is theirs.</summary>
    public long EveryEpoch => Layout.CallEpoch == 0 ? 0 : IDrive.EveryEpoch;

    public IRecordPieces Records { get; }

    public StoreEnvironment Environment { get; }

    public QuorumOptions Options { get; }

    public HybridClock Clock { get; }

    public ClientTime Clients { get; }

    public BackgroundWork Background { get; }

    public RoundWatch Watch { get; }

    public CommitSender Commits { get; }

    /// <summary>What reads found damaged.</summary>
    public RepairQueue Repairs { get; } = new();

    public RegisterQuorum Quorum { get; }

    public DataStore Data { get; }

    /// <summary>Told when a drive refused a call because the layout that it was made by is over.</summary>
    public Action Outdated { get; set; } = static () => { };

    /// <summary>Told of a drive that was set aside, and (None) of one that answers in time again; must return at once.</summary>
    public Action<DriveId, AsideReason> AsideChanged { get; set; } = static (_, _) => { };

    /// <summary>An operation begins, which makes all its calls by the newest layout.</summary>
    public StorePlacement.Use Enter()
    {
        while (true)
        {
            StorePlacement placement = _placement;
            StorePlacement.Use use = placement.Enter();

            // A newer one came in between: whoever waits for the former one to be left may not have seen this operation.
            if (placement == _placement)
            {
                return use;
            }

            use.Dispose();
        }
    }

    /// <summary>Waits a while for a newer layout than the one by which drives were asked in vain.</summary>
    /// <returns>Whether there is one.</returns>
    public async ValueTask<bool> TryAwaitNewerAsync(StorePlacement outdated, CancellationToken cancellationToken)
    {
        Outdated();
        Task taken;
        lock (_gate)
        {
            if (_placement != outdated)
            {
                return true;
            }

            taken = _taken.Task;
        }

        try
        {
            await taken.WaitAsync(Options.NewerLayoutPatience, Environment.Time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public Partition PartitionOf(RegisterKey key) => _placement.PartitionOf(key);

    public IReadOnlyList<Partition> Partitions => _placement.Partitions;

    /// <exception cref="ArgumentException">Not part of the layout.</exception>
    public DriveHandle HandleOf(DriveId id) => Drives.FirstOrDefault(drive => drive.Id == id)
        ?? throw new ArgumentException($"Drive {id} is not part of this store.", nameof(id));

    /// <summary>Works by a newer layout from now on; operations under way end by theirs.</summary>
    /// <param name="next">Made from the present one, perhaps over several that were skipped.</param>
    /// <param name="arrived">The drives that are new in it.</param>
    /// <returns>The former placement, and the drives that left, for the caller to dispose.</returns>
    /// <exception cref="ArgumentException">Something else than drives and placement has changed, or a drive was not given.</exception>
    public (StorePlacement Former, IReadOnlyList<IDrive> Left) TakeLayout(
        StoreLayout next, IReadOnlyList<IDrive> arrived)
    {
        StorePlacement former;
        List<IDrive> left = [];
        TaskCompletionSource taken;
        lock (_gate)
        {
            former = _placement;
            if (next.Drives.Count < former.Drives.Count || next.Width != former.Layout.Width)
            {
                throw new ArgumentException("The layout was not made from the one of this store.", nameof(next));
            }

            List<DriveHandle> handles = [.. former.Drives];
            for (int number = 0; number < next.Drives.Count; number++)
            {
                LayoutDrive drive = next.Drives[number];
                bool isNew = number == handles.Count;
                if (isNew)
                {
                    handles.Add(NewHandle(number, drive.Id));
                }

                IDrive? gone = Fill(handles[number], drive, isNew, arrived);
                if (gone is not null)
                {
                    left.Add(gone);
                }
            }

            _placement = new StorePlacement(next, handles);
            (taken, _taken) = (_taken, NewSignal());
        }

        taken.TrySetResult();
        return (former, left);
    }

    // Completed outside the lock; who waits with a limit must not be sent to another thread first.
    private static TaskCompletionSource NewSignal() => new();

    private DriveHandle NewHandle(int number, DriveId id)
    {
        DriveHandle handle = new(
            number,
            id,
            new DriveTiming(Environment.Time, Options.DriveDeadline),
            new PromiseRest(Environment.Time, Options.OperationDeadline));
        handle.Timing.AsideChanged = reason => AsideChanged(handle.Id, reason);
        return handle;
    }

    /// <returns>The drive that was in the place and is no longer.</returns>
    private static IDrive? Fill(DriveHandle place, LayoutDrive drive, bool isNew, IReadOnlyList<IDrive> arrived)
    {
        if (drive.Duty == LayoutDuty.Left)
        {
            IDrive? former = place.Drive;
            place.Attach(null);
            return former;
        }

        if (!isNew && place.Id == drive.Id)
        {
            return null;
        }

        IDrive given = arrived.FirstOrDefault(candidate => candidate.Id == drive.Id)
            ?? throw new ArgumentException($"Drive {drive.Id} is not among those that arrived.", nameof(arrived));
        return place.Replace(given);
    }

    /// <summary>The pieces of a value, with the ids of their shards, which records leave to the entry.</summary>
    public IReadOnlyList<DataPiece> PiecesOf(RegisterKey key, ReadOnlyMemory<byte> body, IReadOnlyList<DataId> data)
    {
        if (data.Count == 0)
        {
            return [];
        }

        IReadOnlyList<DataPiece> pieces = Records.GetPieces(key.Space, body);
        DataPiece[] named = new DataPiece[Math.Min(pieces.Count, data.Count)];
        for (int index = 0; index < named.Length; index++)
        {
            named[index] = pieces[index] with { Id = data[index] };
        }

        return named;
    }

    /// <summary>Follows a ballot that a drive named, unless its clock is absurd.</summary>
    /// <returns>False when it is too far ahead to be followed.</returns>
    public bool Follow(Ballot seen)
    {
        if (Clock.LeadOf(seen) > Options.MaxClockLead)
        {
            return false;
        }

        Clock.Observe(seen);
        return true;
    }

    /// <summary>Ends background work (commits on their way are finished) and closes the drives.</summary>
    public async ValueTask DisposeAsync()
    {
        await Background.DisposeAsync();
        Watch.Dispose();
        foreach (DriveHandle handle in Drives)
        {
            if (handle.Drive is { } drive)
            {
                await drive.DisposeAsync();
            }
        }
    }
}
