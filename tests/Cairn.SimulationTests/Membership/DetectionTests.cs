using Cairn.Cluster.Membership;
using Cairn.Testing.Simulation.Members;
using Cairn.Testing.Simulation.Network;
using Xunit;

namespace Cairn.SimulationTests.Membership;

/// <summary>
/// Who is silent is found, and nobody else: nodes are killed, paused or given bad links, and the views of all others are
/// watched in virtual time.
/// </summary>
public sealed class DetectionTests
{
    // Silence to the first suspicion that all have heard of; the detection of silence in one place is the larger part.
    private static readonly TimeSpan SuspectedWithin = TimeSpan.FromSeconds(2);

    // The suspicion lasts 15 s once confirmed; the rest is detection, confirmation and the way of the news.
    private static readonly TimeSpan FailedWithin = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(3, 50)]
    [InlineData(4, 50)]
    [InlineData(16, 20)]
    public void A_crashed_node_is_suspected_soon_and_failed_at_all_others_within_the_bound(int count, int seeds) =>
        Sweep.Pass((ulong)seeds, seed => SimMembers.Run(seed, count, async s =>
        {
            await s.StartAllAsync();
            await s.World.DelayAsync(TimeSpan.FromSeconds(10));
            SimMember victim = s.World.Random.Pick(s.All);
            TimeSpan crash = s.World.Now;
            victim.Kill();
            TimeSpan suspected = await s.AwaitAsync(
                "all others suspect the crashed node",
                SuspectedWithin,
                () => s.AllSee(victim, seen => seen.IsSuspect));
            TimeSpan failed = suspected + await s.AwaitAsync(
                "the crashed node is failed at all others",
                FailedWithin,
                () => s.AllSee(victim, seen => seen.State == NodeState.Failed));
            s.Demand(failed >= new MembershipOptions().FailedAfter, "nobody is failed before the configured time");
            s.Demand(
                s.Told(MembershipChangeKind.Failed, crash).All(told => told.Change.Node == victim.Id),
                "nobody else is called failed");
            Measured.Add($"suspected at all, {count} nodes", suspected);
            Measured.Add($"failed at all, {count} nodes", failed);
        }));

    [Fact]
    public void A_broken_connection_that_is_told_shortens_the_time_to_suspicion() =>
        Sweep.Pass(50, seed => SimMembers.Run(seed, 4, async s =>
        {
            await s.StartAllAsync();
            SimMember victim = s.World.Random.Pick(s.All);
            victim.Kill();
            foreach (SimMember other in s.Up)
            {
                await other.Process.RunAsync(() =>
                {
                    other.Agent!.Doubt(victim.Address);
                    return Task.CompletedTask;
                });
            }

            TimeSpan suspected = await s.AwaitAsync(
                "all others suspect it", TimeSpan.FromSeconds(0.6), () => s.AllSee(victim, seen => seen.IsSuspect));
            Measured.Add("suspected at all after a told broken connection", suspected);
        }));

    [Fact]
    public void A_node_with_a_bad_link_accuses_others_rarely() =>
        Sweep.Pass(10, seed => SimMembers.Run(seed, 6, async s =>
        {
            await s.StartAllAsync();
            TimeSpan start = s.World.Now;
            SimMember bad = s[0];
            foreach (SimMember other in s.Except(bad))
            {
                LinkQuality lossy = LinkQuality.Lan with { Loss = 0.6 };
                s.Faults.SetQuality(bad.Address, other.Address, lossy);
                s.Faults.SetQuality(other.Address, bad.Address, lossy);
            }

            await s.World.DelayAsync(TimeSpan.FromMinutes(10));
            int accusations = bad.Changes.Count(told =>
                told.At >= start
                && told.Change.Kind == MembershipChangeKind.Suspected
                && told.Change.Detail.Contains("this node", StringComparison.Ordinal));
            // Without local health it is more than a thousand.
            s.Demand(accusations < 500, $"{accusations} accusations");
            Measured.Add("accusations in 10 minutes by a node that loses 60 %", TimeSpan.FromSeconds(accusations));
        }));

    [Fact]
    public void Nobody_is_called_failed_in_an_hour_of_5_percent_loss_and_100_ms_jitter() =>
        Sweep.Pass(4, seed => SimMembers.Run(seed, 8, async s =>
        {
            s.Faults.Quality = LinkQuality.Lan with { Loss = 0.05, Jitter = TimeSpan.FromMilliseconds(100) };
            await s.StartAllAsync();
            await s.World.DelayAsync(TimeSpan.FromHours(1));
            s.Demand(!s.Told(MembershipChangeKind.Failed, TimeSpan.Zero).Any(), "nobody is called failed");
            Measured.Add(
                "suspicions an hour, 8 nodes, 5 % loss",
                TimeSpan.FromSeconds(s.Told(MembershipChangeKind.Suspected, TimeSpan.Zero)
                    .DistinctBy(told => (told.Change.Node, told.Observer.View.Find(told.Change.Node)?.Incarnation)).Count()));
        }));

    [Fact]
    public void A_node_paused_shorter_than_the_bound_denies_and_is_never_failed() =>
        Sweep.Pass(50, seed => SimMembers.Run(seed, 4, async s =>
        {
            await s.StartAllAsync();
            SimMember frozen = s[0];
            TimeSpan start = s.World.Now;
            frozen.Process.Pause();
            await s.World.DelayAsync(TimeSpan.FromSeconds(10));
            s.Demand(s.AllSee(frozen, seen => seen.IsSuspect), "the paused node is suspected");
            frozen.Process.Resume();
            TimeSpan cleared = await s.AwaitAsync("all agree again", TimeSpan.FromSeconds(3), s.Agree);
            Measured.Add("cleared after a pause of 10 s", cleared);
            s.Demand(!s.Told(MembershipChangeKind.Failed, start).Any(), "nobody is called failed");
            s.Demand(
                s.Told(MembershipChangeKind.Suspected, start).All(told => told.Change.Node == frozen.Id),
                "the paused node accuses nobody for what it did not hear");
        }));

    [Fact]
    public void A_node_paused_until_it_failed_returns_and_has_not_failed_the_others() =>
        Sweep.Pass(50, seed => SimMembers.Run(seed, 4, async s =>
        {
            await s.StartAllAsync();
            SimMember frozen = s[0];
            TimeSpan start = s.World.Now;
            frozen.Process.Pause();
            await s.AwaitAsync(
                "the paused node is failed", FailedWithin, () => s.AllSee(frozen, seen => seen.State == NodeState.Failed));
            await s.World.DelayAsync(s.World.Random.Between(TimeSpan.Zero, TimeSpan.FromMinutes(2)));
            frozen.Process.Resume();
            TimeSpan returned = await s.AwaitAsync("all agree again", TimeSpan.FromSeconds(5), s.Agree);
            Measured.Add("returned after a pause beyond failure", returned);
            s.Demand(
                s.Told(MembershipChangeKind.Failed, start).All(told => told.Change.Node == frozen.Id),
                "the paused node fails nobody");
        }));

    [Fact]
    public void A_node_that_slept_does_not_fail_a_suspect_that_denied_meanwhile() =>
        Sweep.Pass(50, seed => SimMembers.Run(seed, 4, async s =>
        {
            await s.StartAllAsync();
            TimeSpan start = s.World.Now;
            s[0].Process.Pause();
            await s.AwaitAsync("the first is suspected", SuspectedWithin, () => s.AllSee(s[0], seen => seen.IsSuspect));
            s[1].Process.Pause();
            // Nothing waits for it when it wakes: its timers are all it has.
            s.Faults.Deafen(s[1].Address, s.Addresses);
            s[0].Process.Resume();
            await s.World.DelayAsync(TimeSpan.FromMinutes(1));
            s.Faults.Clear();
            s[1].Process.Resume();
            await s.AwaitAsync("all agree again", TimeSpan.FromSeconds(5), s.Agree);
            s.Demand(
                s.Told(MembershipChangeKind.Failed, start).All(told => told.Change.Node == s[1].Id),
                "only the one that slept for long was called failed");
        }));

    [Fact]
    public void A_node_that_is_slow_to_run_is_told_from_slow_others() =>
        Sweep.Pass(20, seed => SimMembers.Run(seed, 6, async s =>
        {
            await s.StartAllAsync();
            SimMember starved = s[0];
            TimeSpan start = s.World.Now;
            for (int i = 0; i < 60; i++)
            {
                starved.Process.Pause();
                await s.World.DelayAsync(TimeSpan.FromMilliseconds(900));
                starved.Process.Resume();
                await s.World.DelayAsync(TimeSpan.FromMilliseconds(100));
            }

            await s.AwaitAsync("all agree again", TimeSpan.FromSeconds(10), s.Agree);
            s.Demand(!s.Told(MembershipChangeKind.Failed, start).Any(), "nobody is called failed");
            s.Demand(
                starved.Changes.All(told => told.At < start || told.Change.Kind != MembershipChangeKind.Suspected),
                "the starved node accuses nobody");
        }));
}
