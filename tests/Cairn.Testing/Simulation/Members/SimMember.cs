using Cairn.Cluster.Membership;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Network;

namespace Cairn.Testing.Simulation.Members;

/// <summary>One node of a simulated membership, through all of its processes.</summary>
internal sealed class SimMember : IMembershipObserver, IMembershipLink
{
    private readonly World _world;
    private readonly SimNetwork _network;
    private readonly MembershipOptions _options;
    private int _starts;

    public SimMember(World world, SimNetwork network, MembershipOptions options, LocalMember self)
    {
        _world = world;
        _network = network;
        _options = options;
        Self = self;
        Process = new SimProcess(world, Name + " unborn");
    }

    /// <summary>Who the node says it is at its next start.</summary>
    public LocalMember Self { get; set; }

    public NodeId Id => Self.Id;

    public string Address => Self.Address;

    public string Name => NetworkFaults.HostOf(Self.Address);

    public SimProcess Process { get; private set; }

    public MembershipAgent? Agent { get; private set; }

    /// <summary>Has been started, and neither killed nor stopped since.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Error of the node's wall clock.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>All that this node was told, over all its processes, with the time of the world.</summary>
    public List<(TimeSpan At, MembershipChange Change)> Changes { get; } = [];

    public MembershipView View => Agent!.View;

    /// <summary>A new process, which remembers nothing but what it is told to be.</summary>
    public async Task StartAsync()
    {
        Process = new SimProcess(_world, $"{Name}#{++_starts}");
        Process.Time.Skew = Skew;
        SimProcess process = Process;
        await process.RunAsync(() =>
        {
            Agent = new MembershipAgent(_options, Self, this, this, process.Time, process.Entropy);
            MembershipAgent agent = Agent;
            _network.Packets.Listen(Address, new SimEndpoint(process, (_, packet) => agent.Receive(packet.Span)));
            agent.Start();
            agent.Activate();
            return Task.CompletedTask;
        });
        IsUp = true;
    }

    public void Kill()
    {
        IsUp = false;
        Process.Kill();
    }

    /// <summary>Leaves, then ends.</summary>
    public async Task LeaveAsync()
    {
        await Process.RunAsync(() => Agent!.LeaveAsync());
        Kill();
    }

    public Task SetMetadataAsync(params byte[] metadata) => Process.RunAsync(() =>
    {
        Agent!.SetMetadata(metadata);
        return Task.CompletedTask;
    });

    void IMembershipObserver.OnChange(MembershipChange change)
    {
        _world.Record(Name, change.Kind.ToString(), change.Address);
        Changes.Add((_world.Now, change));
    }

    void IMembershipLink.Send(string address, ReadOnlyMemory<byte> message) => _network.Packets.Send(Address, address, message);
}
