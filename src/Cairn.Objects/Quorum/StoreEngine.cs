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
    private readonly Partition[] _partitions = new Partition[StoreLayout.PartitionCount];

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
        Layout = layout;
        Records = records;
        Environment = environment;
        Options = options;
        Clock = new HybridClock(environment.Time, environment.Entropy);
        Background = new BackgroundWork(environment.Work);
        Watch = new RoundWatch(environment.Time, options.StragglerDelay);
        Commits = new CommitSender(Background, options);
        Drives =
        [
            .. layout.Drives.Select((drive, index) =>
                new DriveHandle(
                    index,
                    drive.Id,
                    new DriveTiming(environment.Time, options.DriveDeadline),
                    new PromiseRest(environment.Time, options.OperationDeadline))),
        ];
        foreach (IDrive drive in drives)
        {
            HandleOf(drive.Id).Attach(drive);
        }

        for (int index = 0; index < _partitions.Length; index++)
        {
            _partitions[index] = new Partition(index, layout, Drives);
        }

        Quorum = new RegisterQuorum(this);
        Data = new DataStore(this);
    }

    public StoreLayout Layout { get; }

    /// <summary>By index in the layout.</summary>
    public IReadOnlyList<DriveHandle> Drives { get; }

    public IRecordPieces Records { get; }

    public StoreEnvironment Environment { get; }

    public QuorumOptions Options { get; }

    public HybridClock Clock { get; }

    public BackgroundWork Background { get; }

    public RoundWatch Watch { get; }

    public CommitSender Commits { get; }

    /// <summary>What reads found damaged.</summary>
    public RepairQueue Repairs { get; } = new();

    public RegisterQuorum Quorum { get; }

    public DataStore Data { get; }

    public Partition PartitionOf(RegisterKey key) => _partitions[StoreLayout.PartitionOf(key)];

    public IReadOnlyList<Partition> Partitions => _partitions;

    /// <exception cref="ArgumentException">Not part of the layout.</exception>
    public DriveHandle HandleOf(DriveId id) => Drives.FirstOrDefault(drive => drive.Id == id)
        ?? throw new ArgumentException($"Drive {id} is not part of this store.", nameof(id));

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
