using System.Globalization;
using System.Text;
using Cairn.Cluster.Membership;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Network;

namespace Cairn.Testing.Simulation.Members;

/// <summary>Nodes that know each other's addresses and nothing else: the production membership on a simulated network.</summary>
/// <remarks>Not checked: anything about objects; membership knows of none.</remarks>
internal sealed class SimMembers
{
    // How often a condition is looked at, in virtual time: the precision of every measured duration.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public SimMembers(World world, int count, MembershipOptions? options = null)
    {
        World = world;
        Network = new SimNetwork(world);
        string[] addresses = [.. Enumerable.Range(1, count)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"node{number}:9002"))];
        All = [.. addresses.Select(address => new SimMember(
            world,
            Network,
            options ?? new MembershipOptions(),
            new LocalMember
            {
                Id = NodeId.New(new SimEntropy(SimRandom.Named(world.Seed, "id of " + address))),
                Address = address,
                ProgramVersion = "1.0.0",
                Zone = "a",
                Seeds = addresses,
            }))];
    }

    public World World { get; }

    public SimNetwork Network { get; }

    public NetworkFaults Faults => Network.Faults;

    public IReadOnlyList<SimMember> All { get; }

    public IEnumerable<SimMember> Up => All.Where(member => member.IsUp);

    public SimMember this[int index] => All[index];

    public IReadOnlyList<string> Addresses => [.. All.Select(member => member.Address)];

    public IEnumerable<SimMember> Except(SimMember one) => Up.Where(member => member != one);

    /// <summary>Runs a scenario in a world of its own.</summary>
    public static void Run(ulong seed, int count, Func<SimMembers, Task> scenario, MembershipOptions? options = null)
    {
        var world = new World(seed);
        var members = new SimMembers(world, count, options);
        world.Run(() => scenario(members));
    }

    /// <summary>Starts all at random moments, then waits until they agree; how long that took after the last one.</summary>
    public async Task<TimeSpan> StartAllAsync()
    {
        Task[] starts = [.. All.Select(async member =>
        {
            await World.DelayAsync(World.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
            await member.StartAsync();
        })];
        await Task.WhenAll(starts);
        return await AwaitAsync("all agree after the start", TimeSpan.FromSeconds(20), Agree);
    }

    /// <summary>Waits for a condition; how long it took, or the end of the run.</summary>
    public async Task<TimeSpan> AwaitAsync(string what, TimeSpan limit, Func<bool> holds)
    {
        TimeSpan start = World.Now;
        while (!holds())
        {
            if (World.Now - start > limit)
            {
                throw World.Fail($"After {limit} not so: {what}.\n{Describe()}");
            }

            await World.DelayAsync(Look);
        }

        return World.Now - start;
    }

    /// <summary>Ends the run when something is not as it must be.</summary>
    public void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw World.Fail($"Not so: {what}.\n{Describe()}");
        }
    }

    /// <summary>Everybody who is up sees everybody who is up as serving, and knows the same of them.</summary>
    public bool Agree() => Up.All(observer => Up.All(subject =>
        observer.View.Find(subject.Id) is { State: NodeState.Active, IsSuspect: false, IsDirect: true } seen
        && seen.Run == subject.View.Self.Run
        && seen.Incarnation == subject.View.Self.Incarnation
        && seen.Metadata.Span.SequenceEqual(subject.View.Self.Metadata.Span)));

    /// <summary>All others see it so.</summary>
    public bool AllSee(SimMember subject, Func<MemberView, bool> so) =>
        Except(subject).All(observer => observer.View.Find(subject.Id) is { } seen && so(seen));

    /// <summary>What was told to anybody of a kind, since a moment.</summary>
    public IEnumerable<(SimMember Observer, MembershipChange Change)> Told(MembershipChangeKind kind, TimeSpan since) =>
        from observer in All
        from told in observer.Changes
        where told.Change.Kind == kind && told.At >= since
        select (observer, told.Change);

    public string Describe()
    {
        var text = new StringBuilder();
        foreach (SimMember member in All)
        {
            text.Append(CultureInfo.InvariantCulture, $"{member.Name} ({(member.IsUp ? "up" : "down")}) sees");
            foreach (MemberView seen in member.Agent?.View.Members ?? [])
            {
                text.Append(CultureInfo.InvariantCulture, $" {NetworkFaults.HostOf(seen.Address)}={seen.State}")
                    .Append(seen.IsSuspect ? "?" : "")
                    .Append(seen.IsDirect ? "" : "~")
                    .Append(CultureInfo.InvariantCulture, $"@{seen.Incarnation}");
            }

            text.AppendLine();
        }

        return text.ToString();
    }
}
