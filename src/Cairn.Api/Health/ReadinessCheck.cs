using System.Globalization;
using Cairn.Api.Admin;
using Cairn.Client.Admin;
using Cairn.Cluster.Membership;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Layout;

namespace Cairn.Api.Health;

/// <summary>Decides whether requests are welcome here, and says why not.</summary>
/// <remarks>
/// Steps: (1) what is known in memory; (2) only when that speaks for the node, a real read through a quorum.
/// Invariants: a lost write quorum is named and does not make a node unready, or a balancer would take away the reads as
/// well; nor does a layout on its way. A clock that is wrong beyond what signatures bear does, and only where a median of
/// three or more clocks says so: of two clocks nobody knows which is wrong, and both nodes would go. Strangers may ask: no
/// other node is named.
/// </remarks>
internal sealed class ReadinessCheck(ObjectStore store, ClusterSources cluster, ServingState serving, TimeProvider time)
{
    /// <summary>A probe that waits longer has its answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan NamedSkew = TimeSpan.FromSeconds(10);

    /// <summary>Signatures are refused from 15 minutes on, and clients' clocks are off too.</summary>
    private static readonly TimeSpan BlockingSkew = TimeSpan.FromMinutes(5);

    private const int ClocksForMedian = 3;

    public async Task<ReadinessReport> RunAsync(CancellationToken cancellationToken)
    {
        QuorumStatus quorum = store.GetQuorumStatus(withoutOwnDrives: false);
        List<ReadinessReason> reasons = [.. FindReasons(quorum)]; // (1)
        if (reasons.TrueForAll(reason => !reason.IsBlocking) && await TryReadAsync(cancellationToken) is { } failure) // (2)
        {
            reasons.Add(failure);
        }

        return new ReadinessReport
        {
            IsReady = reasons.TrueForAll(reason => !reason.IsBlocking),
            CanRead = quorum.CanRead,
            CanWrite = quorum.CanWrite,
            Reasons = reasons,
        };
    }

    private IEnumerable<ReadinessReason> FindReasons(QuorumStatus quorum)
    {
        if (serving.IsLeaving)
        {
            yield return new ReadinessReason("leaving", true, "The node is stopping and finishes what it has begun.");
        }

        if (!quorum.CanRead)
        {
            yield return new ReadinessReason(
                "readQuorum",
                true,
                $"{quorum.Unreadable} of {quorum.Partitions} partitions have fewer than {quorum.ReadQuorum} drives that answer.");
        }

        if (!quorum.CanWrite)
        {
            yield return new ReadinessReason(
                "writeQuorum",
                false,
                $"{quorum.Unwritable} of {quorum.Partitions} partitions have fewer than {quorum.WriteQuorum} drives that "
                + "answer: writes to them are refused.");
        }

        foreach (ReadinessReason reason in FindSkews().Concat(FindLayoutReasons()))
        {
            yield return reason;
        }
    }

    // A layout that changes is no reason to stay away: a node serves by every step of it.
    private IEnumerable<ReadinessReason> FindLayoutReasons()
    {
        StoreLayout layout = cluster.Layout();
        if (layout.IsChanging)
        {
            yield return new ReadinessReason("layout", false, DescribeChange(layout));
        }

        if (!layout.HasNode(cluster.OwnNode))
        {
            yield return new ReadinessReason(
                "layout", false, "The layout has no drive of this node, which serves through the others.");
        }
    }

    private static string DescribeChange(StoreLayout layout)
    {
        int left = layout.PositionsLeft;
        return layout.IsStopped ? $"A change of the layout is stopped: {left} shards of partitions have yet to move."
            : left > 0 ? $"The layout changes: {left} shards of partitions have yet to move."
            : "The layout has changed: drives have yet to drop what they no longer hold.";
    }

    private IEnumerable<ReadinessReason> FindSkews()
    {
        MemberStatus[] clocks =
            [.. cluster.Membership?.GetStatus().Members.Where(member => member.ClockDeviation is not null) ?? []];
        foreach (MemberStatus member in clocks.Where(clock => clock.ClockDeviation!.Value.Duration() > NamedSkew))
        {
            TimeSpan deviation = member.ClockDeviation!.Value;
            bool isOwn = cluster.ClusterAddresses.TryGetValue(cluster.OwnNode, out string? own) && own == member.Member.Address;
            string seconds = deviation.Duration().TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
            yield return new ReadinessReason(
                "clockSkew",
                isOwn && clocks.Length >= ClocksForMedian && deviation.Duration() > BlockingSkew,
                $"The clock of {(isOwn ? "this node" : "another node")} is {seconds} s "
                + $"{(deviation > TimeSpan.Zero ? "ahead of" : "behind")} the median of all clocks. Set it right; its writes "
                + "do not win by it.");
        }
    }

    private async Task<ReadinessReason?> TryReadAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            ObjectResult<BucketPage> page = await store.ListBucketsAsync("", "", 1, linked.Token);
            return page.IsOk ? null : new ReadinessReason("readQuorum", true, $"A read ended with {page.Error}.");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return new ReadinessReason("timeout", true, "The drives do not answer in time.");
        }
    }
}
