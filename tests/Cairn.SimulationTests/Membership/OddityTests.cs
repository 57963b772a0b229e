using Cairn.Cluster.Membership;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Members;
using Xunit;

namespace Cairn.SimulationTests.Membership;

/// <summary>What should not be, and must be named when it is: wrong clocks, copied ids, nodes of another cluster.</summary>
public sealed class OddityTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_node_whose_clock_is_an_hour_off_is_named_by_all_and_by_itself(int sign) =>
        Sweep.Pass(10, seed => SimMembers.Run(seed, 4, async s =>
        {
            SimMember wrong = s[2];
            wrong.Skew = Hour * sign;
            s[0].Skew = TimeSpan.FromSeconds(1);
            s[1].Skew = TimeSpan.FromSeconds(-1);
            await s.StartAllAsync();
            await s.World.DelayAsync(TimeSpan.FromSeconds(20));
            (SimMember Observer, MembershipChange Change)[] told = [.. s.Told(MembershipChangeKind.ClockSkewed, TimeSpan.Zero)];
            s.Demand(told.All(row => row.Change.Node == wrong.Id), "nobody else is named");
            s.Demand(told.Select(row => row.Observer).Distinct().Count() == 4, "all name it, it does so itself");
            MemberStatus status = s[0].Agent!.GetStatus().Members.Single(member => member.Member.Id == wrong.Id);
            TimeSpan expected = (Hour * sign) - TimeSpan.FromSeconds(1);
            s.Demand(
                (status.ClockSkew!.Value - expected).Duration() <= status.ClockError + TimeSpan.FromMilliseconds(2),
                $"the skew is {expected}, measured {status.ClockSkew} within {status.ClockError}");

            wrong.Process.Time.Skew = TimeSpan.Zero;
            await s.AwaitAsync(
                "all take it back",
                TimeSpan.FromSeconds(30),
                () => s.Told(MembershipChangeKind.ClockCorrected, TimeSpan.Zero)
                    .Select(row => row.Observer).Distinct().Count() == 4);
        }));

    [Fact]
    public void Two_nodes_with_one_id_are_reported_with_both_addresses() =>
        Sweep.Pass(20, seed => SimMembers.Run(seed, 4, async s =>
        {
            s[3].Self = s[3].Self with { Id = s[2].Id };
            foreach (SimMember member in s.All)
            {
                await member.StartAsync();
            }

            TimeSpan reported = await s.AwaitAsync(
                "an innocent node reports both addresses",
                TimeSpan.FromMinutes(1),
                () => s.Told(MembershipChangeKind.DuplicateNode, TimeSpan.Zero)
                    .Any(row => row.Observer.Id != s[2].Id && row.Change.Node == s[2].Id
                        && (row.Change.Address + row.Change.Detail).Contains(s[2].Address, StringComparison.Ordinal)
                        && (row.Change.Address + row.Change.Detail).Contains(s[3].Address, StringComparison.Ordinal)));
            Measured.Add("copied id reported", reported);
        }));

    [Fact]
    public void A_node_that_moved_to_another_address_is_not_reported_as_two() =>
        Sweep.Pass(30, seed => SimMembers.Run(seed, 4, async s =>
        {
            await s.StartAllAsync();
            s[0].Kill();
            await s.World.DelayAsync(s.World.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(30)));
            s[0].Self = s[0].Self with { Address = "elsewhere:9002" };
            await s[0].StartAsync();
            await s.AwaitAsync("all agree", TimeSpan.FromSeconds(5), s.Agree);
            await s.World.DelayAsync(TimeSpan.FromMinutes(1));
            s.Demand(!s.Told(MembershipChangeKind.DuplicateNode, TimeSpan.Zero).Any(), "nothing is reported");
        }));

    [Fact]
    public void A_node_of_another_cluster_gets_in_nowhere_and_is_named() =>
        Sweep.Pass(10, seed => SimMembers.Run(seed, 4, async s =>
        {
            for (int i = 0; i < 4; i++)
            {
                s[i].Self = s[i].Self with { Cluster = new Guid(i < 3 ? 1 : 2, 0, 0, new byte[8]) };
                await s[i].StartAsync();
            }

            await s.World.DelayAsync(TimeSpan.FromMinutes(1));
            s.Demand(s[0].View.Members.Count == 3 && s[3].View.Members.Count == 1, "the clusters do not mix");
            s.Demand(
                s.Told(MembershipChangeKind.ForeignCluster, TimeSpan.Zero).Any(row => row.Change.Address == s[3].Address),
                "the stranger is named");
        }));

    [Fact]
    public void A_seed_runs_the_same_again()
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            Assert.Equal(TraceOf(seed), TraceOf(seed));
        }
    }

    private static ulong TraceOf(ulong seed)
    {
        var world = new World(seed);
        var members = new SimMembers(world, 5);
        world.Run(async () =>
        {
            await members.StartAllAsync();
            members[0].Kill();
            await world.DelayAsync(TimeSpan.FromMinutes(1));
        });
        return world.Trace.Hash;
    }
}
