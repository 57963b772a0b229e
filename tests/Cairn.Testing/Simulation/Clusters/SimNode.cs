using Cairn.Cluster.Agreement;
using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Fencing;
using Cairn.Drives.Os;
using Cairn.Objects;
using Cairn.Objects.Formation;
using Cairn.Objects.Healing;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Objects.Rebalance;
using Cairn.Testing.Links;
using Cairn.Testing.Simulation.Disks;
using Cairn.Testing.Simulation.Drives;
using Cairn.Testing.Simulation.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Testing.Simulation.Clusters;

/// <summary>One node of a simulated cluster, through all of its processes.</summary>
/// <remarks>
/// Invariants: what runs is what the server runs, put together as StoreFormation and ClusterConnections of the server do
/// it: drives, their service, links, formation, store, healing, the watch of the layout. Simulated are disks, network,
/// clock, chance and work. Not there: HTTP, the protection of frames.
/// Failure: a start that the disks or the other nodes stand against ends its process, and a new one tries later, as under
/// a supervisor.
/// </remarks>
internal sealed class SimNode
{
    /// <summary>Shorter than in production, so that little virtual time passes over what never answers.</summary>
    private static readonly QuorumOptions Options = new()
    {
        InlineShardLimit = SimStore.InlineShardLimit,
        DriveDeadline = TimeSpan.FromSeconds(5),
    };

    private static readonly HealPace Pace = new() { LastRetry = TimeSpan.FromSeconds(10) };
    private static readonly TimeSpan SupervisorPause = TimeSpan.FromSeconds(1);

    private readonly SimCluster _cluster;
    private readonly int _number;
    private readonly List<SimDisk> _disks = [];
    private ClusterMachinery? _machinery;
    private int _starts;

    public SimNode(SimCluster cluster, int number, int drives)
    {
        _cluster = cluster;
        _number = number;
        Process = new SimProcess(cluster.World, Name + " unborn");
        for (int i = 0; i < drives; i++)
        {
            _disks.Add(cluster.NewDisk());
        }
    }

    public string Name => SimCluster.NameOf(_number);

    public NodeAddress Address => SimCluster.AddressOf(_number);

    /// <summary>By the place they are in.</summary>
    public IList<SimDisk> Disks => _disks;

    public SimProcess Process { get; private set; }

    /// <summary>There is a process, which may still wait for others.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>It serves clients, or would if it did not stand still.</summary>
    public bool IsUp => _machinery is not null;

    public ObjectStore? Store => _machinery?.Store;

    public StoreLayout? Layout => _machinery?.Layout;

    public bool IsWhole => Store is { } store && store.GetHealStatus().IsWhole;

    /// <summary>Error of the machine's wall clock, whatever runs on it.</summary>
    public TimeSpan Skew
    {
        get;
        set
        {
            field = value;
            Process.Time.Skew = value;
            _cluster.World.Record(Name, "clock is wrong", "", value.Ticks / TimeSpan.TicksPerMillisecond);
        }
    }

    /// <summary>Why it does not serve, as it says itself.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Calls the store inside the process.</summary>
    /// <exception cref="ProcessKilledException">Whether the call took effect is unknown.</exception>
    public Task<T> CallAsync<T>(Func<ObjectStore, Task<T>> call)
    {
        ObjectStore store = Store ?? throw new ProcessKilledException(Name);
        return Process.RunAsync(() => call(store));
    }

    /// <summary>Sees or changes the layout through this node.</summary>
    /// <exception cref="ProcessKilledException">Whether the call took effect is unknown.</exception>
    public Task<T> AdministerAsync<T>(Func<LayoutAdministration, ValueTask<T>> call)
    {
        LayoutAdministration administration = _machinery?.Administration ?? throw new ProcessKilledException(Name);
        return Process.RunAsync(() => call(administration).AsTask());
    }

    /// <summary>A new process. It serves as soon as the nodes agree on a layout.</summary>
    public void Start()
    {
        SimProcess process = new(_cluster.World, $"{Name}#{++_starts}");
        process.Time.Skew = Skew;
        Process = process;
        IsStarted = true;
        _cluster.World.Root.Work.Start(() => RunAsync(process));
    }

    /// <summary>kill -9: the operating system ends its connections. With the power gone, nobody is told.</summary>
    public void Kill(bool losesPower)
    {
        IsStarted = false;
        _machinery = null;
        Process.Kill();
        if (losesPower)
        {
            _disks.ForEach(disk => disk.LosePower());
            _cluster.Network.Vanish(Address);
        }
        else
        {
            _cluster.Network.Disconnect(Address);
        }
    }

    /// <summary>SIGTERM: an orderly stop.</summary>
    public async Task StopAsync()
    {
        ClusterMachinery machinery = _machinery!;
        _machinery = null;
        await Process.RunAsync(() => machinery.DisposeAsync().AsTask());
        Kill(losesPower: false);
        foreach (SimDisk disk in _disks.Where(d => d.OpenFiles.Count > 0))
        {
            throw _cluster.World.Fail($"{disk.Name}: {string.Join(", ", disk.OpenFiles)} are still open after the stop.");
        }
    }

    /// <summary>Puts an empty disk in a place. The node must be down.</summary>
    public void Replace(int place)
    {
        _disks[place].Remove();
        _disks[place] = _cluster.NewDisk();
        _cluster.World.Record(_disks[place].Name, "takes the place on", Name, place);
    }

    private async Task RunAsync(SimProcess process)
    {
        try
        {
            ClusterMachinery machinery = await process.RunAsync(() => OpenAsync(process));
            if (process == Process && IsStarted)
            {
                _machinery = machinery;
                _cluster.World.Record(Name, "serves");
            }
        }
        catch (ProcessKilledException)
        {
            return;
        }
        catch (Exception refused) when (refused is DriveIoException or FormationException or IOException)
        {
            Problem = refused.Message;
            _cluster.World.Record(Name, "does not start", refused.Message);
            if (process == Process && IsStarted)
            {
                Kill(losesPower: false);
                await _cluster.World.DelayAsync(SupervisorPause);
                if (process == Process && !IsStarted && !_cluster.IsHeldDown(this))
                {
                    Start();
                }
            }
        }
    }

    private async Task<ClusterMachinery> OpenAsync(SimProcess process)
    {
        SimDriveSet set = await SimDriveSet.OpenAsync(_disks, process, process.Entropy, doNewDrivesRecover: true);
        EpochFence fence = new();
        IDrive[] drives =
            [.. set.Bays.Select((bay, i) => new FencedDrive(_cluster.Wrap(bay, (_number * _disks.Count) + i), fence))];
        StoreEnvironment environment = new(process.Time, process.Entropy, process.Work);
        NodeDescription description = new(Name, _cluster.Arguments, [.. set.Bays.Select(bay => bay.Id)]);
        AgreementAcceptor acceptor = new(new DriveAcceptorStore(set.Bays));
        LayoutStanding standing = new(Name, fence);
        FormationService service = new(description, acceptor, standing, new Candidates(process.Time));
        TransportParts parts = LinkEnds.Parts(process) with { Identity = NodeIdentity.New(Name, process.Entropy) };
        RemoteNode?[] others =
        [
            .. Enumerable.Range(0, _cluster.Count).Select(other => other == _number ? null : new RemoteNode(
                new NodeLink(SimCluster.AddressOf(other), _cluster.Network.TransportOf(process, Address), parts),
                process.Time,
                new RemoteDriveOptions())),
        ];
        NodeServer server = new(
            parts,
            _cluster.Network.Listen(Address),
            [new DriveService(new ServedDrives(drives), process.Time), service],
            new RefusalLog(process.Time, NullLogger.Instance));
        server.Start();
        foreach (RemoteNode? other in others)
        {
            other?.Link.Start();
        }

        LinkedNodes nodes = new(_cluster.Names, [.. others.Select(other => other?.Link)], service, process.Time);
        FormedLayout formed = await LayoutFormation.RunAsync(
            nodes, acceptor, (null, null), environment, wait => Problem = "waits for " + wait, CancellationToken.None);
        if (set.Plan.IsNew && !formed.HasTakenPlaces)
        {
            await FreshDrives.EndRecoveryAsync(set.Bays);
        }

        standing.Open(formed.Layout);
        ClusterMachinery machinery = new(_cluster, formed, server, others, set.Bays)
        {
            Standing = standing,
            Administration = new LayoutAdministration(formed.Register, service.Candidates),
        };
        Open(machinery, drives, nodes, service, environment);
        await machinery.ServeAsync(Name, environment);
        return machinery;
    }

    private void Open(
        ClusterMachinery machinery, IDrive[] drives, LinkedNodes nodes, FormationService service, StoreEnvironment environment)
    {
        LayoutDrive[] present = [.. machinery.Layout.Drives.Where(drive => drive.Duty != LayoutDuty.Left)];
        RemoteDrive[] others = [.. present.Where(drive => drive.Node != Name).Select(machinery.DriveOf)];
        ObjectStore store = ObjectStore.Open(new ObjectStoreParts
        {
            Layout = machinery.Layout,
            Drives = [.. drives.Where(drive => present.Any(known => known.Id == drive.Id)), .. others],
            OwnDrives = [.. drives.Select(drive => drive.Id)],
            BucketPeers = nodes,
            Environment = environment,
            Options = Options,
            HealPace = Pace,
            SmallestPart = 1,
        });
        service.ForgetBucket = store.ForgetBucket;
        machinery.Follow(store, others);
    }
}
