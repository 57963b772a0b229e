using Cairn.Client.Admin;
using Cairn.Objects.Layout;
using Cairn.Objects.Rebalance;

namespace Cairn.Api.Admin;

/// <summary>The layout and its plans as documents.</summary>
internal static class LayoutReports
{
    public static LayoutReport Of(LayoutState state) => new()
    {
        Epoch = state.Layout.Epoch,
        State = !state.Layout.IsChanging ? "at rest" : state.IsStopped ? "stopped" : "moving",
        Waiting = state.Waiting,
        UnderWay = state.UnderWay,
        ToDrop = state.ToDrop,
        Moved = new LayoutMoved(
            state.Moved.Positions, state.Moved.Objects, state.Moved.Bytes, state.Moved.Elapsed.TotalSeconds),
        ObjectsLeft = state.ObjectsLeft,
        RemainingSeconds = state.Remaining?.TotalSeconds,
        Voters = state.Voters,
        Drives =
        [
            .. state.Layout.Drives.Zip(state.Shares, (drive, share) =>
                Describe(drive) with { Holds = share.Holds, WillHold = share.WillHold }),
        ],
        Candidates =
        [
            .. state.Candidates.Select(candidate => new LayoutCandidate(
                candidate.Name, [.. candidate.Drives.Select(drive => drive.ToString())])),
        ],
    };

    public static LayoutPlanReport Of(LayoutPlan plan) => new()
    {
        Epoch = plan.Base,
        Moves = plan.Moves.Count,
        Drives =
        [
            .. plan.Layout.Drives.Zip(plan.Shares, (drive, share) => Describe(drive) with
            {
                Holds = share.Holds,
                WillHold = share.WillHold,
                Fair = share.Fair,
            }),
        ],
        Transfers =
        [
            .. plan.Moves.GroupBy(move => (move.From, move.To))
                .Select(moves => new LayoutTransfer(
                    plan.Layout.Drives[moves.Key.From].Id.ToString(),
                    plan.Layout.Drives[moves.Key.To].Id.ToString(),
                    moves.Count()))
                .OrderByDescending(transfer => transfer.Shards),
        ],
    };

    private static LayoutDriveReport Describe(LayoutDrive drive) => new()
    {
        Id = drive.Id.ToString(),
        Node = drive.Node,
        Zone = drive.Zone.Length == 0 ? null : drive.Zone,
        Weight = drive.Weight,
        Duty = drive.Duty switch
        {
            LayoutDuty.Active => "active",
            LayoutDuty.Leaving => "leaving",
            _ => "left",
        },
        Holds = 0,
        WillHold = 0,
    };
}
