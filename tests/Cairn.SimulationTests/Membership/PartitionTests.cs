using Cairn.Cluster.Membership;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Members;
using Xunit;

namespace Cairn.SimulationTests.Membership;

/// <summary>Links are cut in all shapes, then mended; what each side may believe meanwhile, and that all agree in the end.</summary>
public sealed class PartitionTests
{
    private static readonly TimeSpan Healed = TimeSpan.FromSeconds(10);

    [Fact]
    public void Two_halves_fail_each_other_and_find_together_again() =>
        Sweep.Pass(30, seed => SimMembers.Run(seed, 6, async s =>
        {
            await s.StartAllAsync();
            s.Faults.Split(s.Addresses.Take(3), [.. s.Addresses.Skip(3)]);
            await s.AwaitAsync(
                "each half has failed the other",
                TimeSpan.FromSeconds(40),
                () => s.All.Index().All(observer => s.All.Index().All(subject =>
                    (observer.Index < 3) == (subject.Index < 3)
                    || observer.Item.View.Find(subject.Item.Id)!.State == NodeState.Failed)));
            s.Demand(
                s.All.Index().All(observer => s.All.Index().All(subject =>
                    (observer.Index < 3) != (subject.Index < 3)
                    || observer.Item.View.Find(subject.Item.Id)!.State == NodeState.Active)),
                "nobody of the own half is failed");
            await s.World.DelayAsync(s.World.Random.Between(TimeSpan.Zero, TimeSpan.FromMinutes(5)));
            s.Faults.Clear();
            Measured.Add("agreement after a partition", await s.AwaitAsync("all agree again", Healed, s.Agree));
        }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_that_hears_nobody_or_is_heard_by_nobody_fails_alone_and_returns(bool isDeaf) =>
        Sweep.Pass(30, seed => SimMembers.Run(seed, 5, async s =>
        {
            await s.StartAllAsync();
            SimMember lone = s[0];
            if (isDeaf)
            {
                s.Faults.Deafen(lone.Address, s.Addresses);
            }
            else
            {
                s.Faults.Mute(lone.Address, s.Addresses);
            }

            await s.AwaitAsync(
                "the others have failed it",
                TimeSpan.FromSeconds(40),
                () => s.AllSee(lone, seen => seen.State == NodeState.Failed));
            await s.World.DelayAsync(TimeSpan.FromMinutes(2));
            s.Demand(
                s.Except(lone).All(observer => s.Except(lone).All(subject =>
                    observer.View.Find(subject.Id)!.State == NodeState.Active)),
                "the others do not believe its accusations");
            s.Faults.Clear();
            Measured.Add("agreement after a one-way partition", await s.AwaitAsync("all agree again", Healed, s.Agree));
        }));

    [Fact]
    public void One_cut_link_fails_nobody_and_is_told_to_routing() =>
        Sweep.Pass(30, seed => SimMembers.Run(seed, 5, async s =>
        {
            await s.StartAllAsync();
            TimeSpan start = s.World.Now;
            s.Faults.Split([s[0].Address], [s[1].Address]);
            await s.AwaitAsync(
                "both ends know that they do not reach each other",
                TimeSpan.FromSeconds(10),
                () => !s[0].View.Find(s[1].Id)!.IsDirect && !s[1].View.Find(s[0].Id)!.IsDirect);
            await s.World.DelayAsync(TimeSpan.FromMinutes(5));
            s.Demand(!s.Told(MembershipChangeKind.Failed, start).Any(), "nobody is called failed");
            s.Demand(s[2].View.Members.All(seen => seen.IsRoutable), "the others route to everybody");
            s.Faults.Clear();
            await s.AwaitAsync("all agree again", Healed, s.Agree);
        }));

    [Fact]
    public void Two_groups_with_a_bridge_between_them_fail_nobody() =>
        Sweep.Pass(20, seed => SimMembers.Run(seed, 5, async s =>
        {
            await s.StartAllAsync();
            TimeSpan start = s.World.Now;
            s.Faults.Split([s[0].Address, s[1].Address], [s[3].Address, s[4].Address]);
            await s.World.DelayAsync(TimeSpan.FromMinutes(10));
            s.Demand(!s.Told(MembershipChangeKind.Failed, start).Any(), "nobody is called failed");
            s.Faults.Clear();
            await s.AwaitAsync("all agree again", Healed, s.Agree);
        }));

    [Fact]
    public void Whatever_happens_all_agree_when_it_is_over() => Sweep.Pass(100, seed => MembersRun.Run(new World(seed)));
}
