using Cairn.Cluster.Membership;
using Cairn.Testing.Simulation.Members;
using Cairn.Testing.Simulation.Network;
using Xunit;

namespace Cairn.SimulationTests.Membership;

/// <summary>Nodes come, come back, change and go; everybody ends up knowing the same.</summary>
public sealed class JoiningTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 50)]
    [InlineData(3, 50)]
    [InlineData(4, 50)]
    [InlineData(16, 20)]
    public void Nodes_started_in_any_order_agree(int count, int seeds) =>
        Sweep.Pass((ulong)seeds, seed => SimMembers.Run(seed, count, async s =>
        {
            Measured.Add($"agreement after the last start, {count} nodes", await s.StartAllAsync());
        }));

    [Fact]
    public void Nodes_agree_on_a_network_that_loses_repeats_and_reorders() =>
        Sweep.Pass(30, seed => SimMembers.Run(seed, 5, async s =>
        {
            s.Faults.Quality = new LinkQuality { Loss = 0.2, Duplication = 0.2, Detour = 0.2 };
            foreach (SimMember member in s.All)
            {
                await member.StartAsync();
            }

            await s.World.DelayAsync(TimeSpan.FromSeconds(30));
            s.Faults.Clear();
            await s.AwaitAsync("all agree", TimeSpan.FromSeconds(10), s.Agree);
        }));

    [Fact]
    public void A_node_that_knows_one_seed_finds_everybody() =>
        Sweep.Pass(30, seed => SimMembers.Run(seed, 8, async s =>
        {
            foreach (SimMember member in s.All)
            {
                member.Self = member.Self with { Seeds = [s[0].Address] };
            }

            await s.StartAllAsync();
        }));

    [Fact]
    public void A_restarted_node_that_lost_its_incarnation_takes_its_place_again() =>
        Sweep.Pass(50, seed => SimMembers.Run(seed, 4, async s =>
        {
            await s.StartAllAsync();
            SimMember restarted = s[0];
            for (byte i = 0; i < 10; i++)
            {
                await restarted.SetMetadataAsync(i, 1);
                await s.World.DelayAsync(TimeSpan.FromMilliseconds(300));
            }

            ulong before = restarted.View.Self.Incarnation;
            restarted.Kill();
            // Anything from at once to long after it was called failed.
            await s.World.DelayAsync(s.World.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(40)));
            await restarted.StartAsync();
            await restarted.SetMetadataAsync(99);
            TimeSpan back = await s.AwaitAsync("all agree on the new process", TimeSpan.FromSeconds(5), s.Agree);
            s.Demand(restarted.View.Self.Incarnation > before, "the new process went above the incarnation that was lost");
            Measured.Add("restarted node is back", back);
        }));

    [Fact]
    public void All_nodes_restarted_at_once_agree_again() =>
        Sweep.Pass(20, seed => SimMembers.Run(seed, 4, async s =>
        {
            await s.StartAllAsync();
            foreach (SimMember member in s.All)
            {
                member.Kill();
            }

            await s.StartAllAsync();
        }));

    [Theory]
    [InlineData(4, 0.0)]
    [InlineData(32, 0.0)]
    [InlineData(32, 0.05)]
    public void Changed_metadata_reaches_all_in_logarithmic_time(int count, double loss) =>
        Sweep.Pass(10, seed => SimMembers.Run(seed, count, async s =>
        {
            await s.StartAllAsync();
            await s.World.DelayAsync(TimeSpan.FromSeconds(20));
            s.Faults.Quality = LinkQuality.Lan with { Loss = loss };
            SimMember changed = s.World.Random.Pick(s.All);
            await changed.SetMetadataAsync(1, 2, 3);
            TimeSpan limit = new MembershipOptions().GossipPeriod * Math.Log2(count);
            TimeSpan reached = await s.AwaitAsync(
                "all know the new metadata",
                limit,
                () => s.AllSee(changed, seen => seen.Metadata.Span.SequenceEqual(new byte[] { 1, 2, 3 })));
            Measured.Add($"metadata at all, {count} nodes, loss {loss}", reached);
        }));

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    public void A_leaving_node_is_never_called_failed(double loss) =>
        Sweep.Pass(30, seed => SimMembers.Run(seed, 5, async s =>
        {
            await s.StartAllAsync();
            await s.World.DelayAsync(TimeSpan.FromSeconds(10));
            s.Faults.Quality = LinkQuality.Lan with { Loss = loss };
            SimMember leaver = s[0];
            await leaver.LeaveAsync();
            await s.World.DelayAsync(TimeSpan.FromMinutes(10));
            s.Demand(s.AllSee(leaver, seen => seen.State == NodeState.Leaving), "it is remembered as leaving");
            s.Demand(!s.Told(MembershipChangeKind.Failed, TimeSpan.Zero).Any(), "nobody is called failed");
            await leaver.StartAsync();
            await s.AwaitAsync("it comes back", TimeSpan.FromSeconds(5), s.Agree);
        }));

    [Fact]
    public void Members_long_past_are_forgotten_by_all_and_do_not_go_round_for_ever()
    {
        var options = new MembershipOptions { ForgetAfter = TimeSpan.FromMinutes(2) };
        Sweep.Pass(10, seed => SimMembers.Run(seed, 5, async s =>
        {
            await s.StartAllAsync();
            s[0].Kill();
            await s[1].LeaveAsync();
            // Who learns of them late must not remember them for longer than the others.
            await s.World.DelayAsync(TimeSpan.FromSeconds(100));
            s[2].Kill();
            await s[2].StartAsync();
            await s.World.DelayAsync(TimeSpan.FromSeconds(80));
            s.Demand(
                s.Up.All(member => member.View.Find(s[0].Id) is null && member.View.Find(s[1].Id) is null),
                "both are forgotten everywhere");
            await s[0].StartAsync();
            await s[1].StartAsync();
            await s.AwaitAsync("both return", TimeSpan.FromSeconds(5), s.Agree);
        }, options));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    public void The_number_of_messages_of_a_node_does_not_grow_with_the_cluster(int count) =>
        Sweep.Pass(4, seed => SimMembers.Run(seed, count, async s =>
        {
            await s.StartAllAsync();
            await s.World.DelayAsync(TimeSpan.FromSeconds(30));
            long before = s.Network.Packets.SentPackets;
            long beforeBytes = s.Network.Packets.SentBytes;
            const int Periods = 100;
            await s.World.DelayAsync(new MembershipOptions().GossipPeriod * Periods);
            double rate = (s.Network.Packets.SentPackets - before) / (double)(count * Periods);
            double bytes = (s.Network.Packets.SentBytes - beforeBytes) / (double)(count * Periods);
            // Four pings and as many answers, and less than one exchange of state.
            s.Demand(rate < 9.5, $"a node sends {rate} messages a period");
            Measured.Add($"messages a node and period, {count} nodes", TimeSpan.FromSeconds(rate));
            Measured.Add($"bytes a node and period, {count} nodes", TimeSpan.FromSeconds(bytes));
        }));

    [Fact]
    public void A_seed_that_is_down_is_called_for_ever_and_no_more_than_once_a_period() =>
        Sweep.Pass(10, seed => SimMembers.Run(seed, 3, async s =>
        {
            await s[0].StartAsync();
            await s.World.DelayAsync(TimeSpan.FromMinutes(10));
            s.Demand(s.Network.Packets.SentPackets <= 610, $"{s.Network.Packets.SentPackets} calls in ten minutes");
            await s[1].StartAsync();
            await s.AwaitAsync("the late node is found", TimeSpan.FromSeconds(4), s.Agree);
        }));
}
