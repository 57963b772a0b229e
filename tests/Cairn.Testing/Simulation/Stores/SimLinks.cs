using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Drives.Registers;
using Cairn.Testing.Links;
using Cairn.Testing.Simulation.Network;
using Cairn.Testing.Simulation.Stores.Mutations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>A link between a store and each of its drives, over a network that delays, breaks and cuts by seed.</summary>
/// <remarks>
/// Purpose: the object layer's rules over remote drives, without clusters to form. One process holds both ends, so a kill
/// takes all; what is left to go wrong is the network, one drive's link apart from the others'.
/// </remarks>
internal sealed class SimLinks
{
    private static readonly NodeAddress Store = new("store", 1);

    private readonly World _world;
    private readonly SimRandom _random;
    private readonly SimNetwork _network;
    private int _starts;

    public SimLinks(World world)
    {
        _world = world;
        _random = SimRandom.Named(world.Seed, "links");
        _network = new SimNetwork(world);
    }

    /// <summary>The network does not fail.</summary>
    public bool IsQuiet { get; private set; } = true;

    /// <summary>Serves the bays and gives out their remote ends, connected.</summary>
    /// <param name="process">Of the store.</param>
    /// <param name="bays">The drives; disposed with what is given out.</param>
    /// <param name="onChanged">Called when the state of a drive has changed.</param>
    public async Task<IReadOnlyList<IDrive>> AttachAsync(
        SimProcess process, IReadOnlyList<DriveBay> bays, Action onChanged)
    {
        int start = ++_starts;
        List<IDrive> drives = [];
        for (int place = 0; place < bays.Count; place++)
        {
            TransportParts parts = LinkEnds.Parts(process);
            NodeAddress address = new("drive " + place, start);
            NodeServer server = new(
                parts,
                _network.Listen(address),
                [new DriveService(new ServedDrives([bays[place]]), process.Time)],
                new RefusalLog(process.Time, NullLogger.Instance));
            server.Start();
            NodeLink link = new(address, _network.TransportOf(process, Store), parts);
            RemoteNode node = new(link, process.Time, new RemoteDriveOptions());
            RemoteDrive remote = node.GetDrive(bays[place].Id);
            remote.Changed += _ => onChanged();
            link.Start();
            await link.WaitConnectedAsync(CancellationToken.None);
            drives.Add(new LinkedDrive(remote, bays[place], link, server));
        }

        // The first states are told.
        await Task.Delay(TimeSpan.FromMilliseconds(300), process.Time);
        return drives;
    }

    /// <summary>Breaks connections, and cuts the link of one drive after the other, until it is to be quiet.</summary>
    public async Task DisturbAsync(int drives)
    {
        IsQuiet = false;
        _network.Faults.Quality = new LinkQuality
        {
            Jitter = TimeSpan.FromMilliseconds(2),
            Break = _random.Pick([0, 0.0005, 0.005]),
        };
        while (!IsQuiet)
        {
            await _world.DelayAsync(_random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(20)));
            if (IsQuiet)
            {
                return;
            }

            NodeAddress address = new("drive " + _random.Next(drives), _starts);
            bool isThere = _random.Chance(0.7);
            if (isThere)
            {
                _network.Faults.Cut(Store, address);
            }

            if (!isThere || _random.Chance(0.5))
            {
                _network.Faults.Cut(address, Store);
            }

            await _world.DelayAsync(_random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(12)));
            _network.Faults.MendAll();
        }
    }

    /// <summary>From now on the network is as good as a local one.</summary>
    public void Quieten()
    {
        IsQuiet = true;
        _network.Faults.Clear();
    }

    private sealed class LinkedDrive(RemoteDrive remote, DriveBay bay, NodeLink link, NodeServer server) : PassingDrive(remote)
    {
        // The process at the other end, which would look after it, is this one.
        public override IReadOnlyList<PendingSlot> FindPending(TimeSpan age) => bay.FindPending(age);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await link.DisposeAsync();
            await server.DisposeAsync();
            await bay.DisposeAsync();
        }
    }
}
