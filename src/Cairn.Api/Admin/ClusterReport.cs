using Cairn.Api.Health;
using Cairn.Client.Admin;
using Cairn.Cluster.Membership;
using Cairn.Objects;
using Cairn.Objects.Healing;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Api.Admin;

/// <summary>Puts together what this node knows of the nodes: layout, membership and healing.</summary>
internal sealed class ClusterReport(ClusterSources sources, ObjectStore store, ServingState serving)
{
    private const string Unknown = "unknown";

    /// <summary>In memory only: no other node is asked.</summary>
    public ClusterStatus Create()
    {
        StoreLayout layout = sources.Layout();
        HealStatus healing = store.GetHealStatus();
        Dictionary<DriveId, DriveHealStatus> drives = healing.Drives.ToDictionary(drive => drive.Drive);
        Dictionary<string, MemberStatus> members = sources.Membership?.GetStatus().Members
            .GroupBy(member => member.Member.Address)
            .ToDictionary(group => group.Key, Current, StringComparer.Ordinal) ?? [];
        IEnumerable<string> names = layout.Drives
            .Where(drive => drive.Duty != LayoutDuty.Left)
            .Select(drive => drive.Node).Concat(sources.ClusterAddresses.Keys)
            .Append(sources.OwnNode)
            .Distinct(StringComparer.Ordinal)
            .Where(name => !IsGone(name, layout, members))
            .Order(StringComparer.Ordinal);
        return new ClusterStatus
        {
            Deployment = sources.Deployment,
            AnsweredBy = sources.OwnNode,
            Instance = serving.Instance,
            IsWhole = healing.IsWhole,
            QueuedRepairs = healing.QueuedRepairs,
            Layout = new LayoutStatus(layout.Epoch, layout.Width, layout.StandardParity, layout.ReducedParity),
            Nodes = [.. names.Select(name => Describe(name, layout, drives, members))],
        };
    }

    // A node that came back under another id is listed twice for a while.
    private static MemberStatus Current(IEnumerable<MemberStatus> sameAddress) => sameAddress
        .OrderBy(status => status.Member.State == NodeState.Failed)
        .ThenByDescending(status => status.Member.Incarnation)
        .First();

    // The arguments go on to name a node whose drives have left. It is listed as long as it runs.
    private bool IsGone(string name, StoreLayout layout, Dictionary<string, MemberStatus> members) =>
        !layout.HasNode(name)
        && layout.Drives.Any(drive => drive.Node == name)
        && name != sources.OwnNode
        && (FindMember(name, members) is not { } status || status.Member.State == NodeState.Failed);

    private MemberStatus? FindMember(string name, Dictionary<string, MemberStatus> members) =>
        (sources.ClusterAddresses.GetValueOrDefault(name) ?? sources.AddressOf?.Invoke(name)) is { } address
            ? members.GetValueOrDefault(address)
            : null;

    private NodeStatus Describe(
        string name,
        StoreLayout layout,
        Dictionary<DriveId, DriveHealStatus> drives,
        Dictionary<string, MemberStatus> members)
    {
        LayoutDrive[] own = [.. layout.Drives.Where(drive => drive.Node == name && drive.Duty != LayoutDuty.Left)];
        NodeStatus node = new()
        {
            Name = name,
            State = Unknown,
            Zone = own.Length > 0 ? Text(own[0].Zone) : null,
            Drives = [.. own.Where(drive => drives.ContainsKey(drive.Id)).Select(drive => Describe(drives[drive.Id]))],
        };
        if (FindMember(name, members) is { } status)
        {
            return node with
            {
                State = NameOf(status.Member.State),
                IsSuspect = status.Member.IsSuspect,
                IsUnreachable = !status.Member.IsDirect,
                Address = Text(status.Member.PublicAddress),
                Version = Text(status.Member.ProgramVersion),
                SilentSeconds = name == sources.OwnNode ? null : status.Silence?.TotalSeconds,
                RoundTripMs = status.RoundTrip?.TotalMilliseconds,
                ClockDeviationSeconds = status.ClockDeviation?.TotalSeconds,
            };
        }

        return name == sources.OwnNode
            ? node with { State = NameOf(NodeState.Active), Version = sources.Version }
            : node;
    }

    private static DriveStatus Describe(DriveHealStatus drive) => new()
    {
        Id = drive.Drive.ToString(),
        State = drive.State,
        Aside = drive.Aside == AsideReason.None ? null : NameOf(drive.Aside),
        Healing = NameOf(drive.Activity),
        HealProgress = drive.Progress,
        HealFailures = drive.Failed,
        HealRemainingSeconds = drive.Remaining?.TotalSeconds,
    };

#pragma warning disable CA1308 // Words of our own API, which are lower case; nothing is compared with them.
    private static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private static string? Text(string text) => text.Length == 0 ? null : text;
}
