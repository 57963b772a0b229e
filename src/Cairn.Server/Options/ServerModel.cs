using Cairn.Cluster.Membership;
using Cairn.Cluster.Topology;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Options;

/// <summary>The checked and frozen configuration of a node; nothing below the host reads options.</summary>
internal sealed record ServerModel
{
    /// <summary>The drives of all nodes.</summary>
    public required ClusterTopology Topology { get; init; }

    /// <summary>Which node this one is; null: by its name and addresses.</summary>
    public required string? OwnNode { get; init; }

    /// <summary>Null: all interfaces, and the port by the topology.</summary>
    public required ListenAddress? ClusterAddress { get; init; }

    /// <summary>Null: none is given.</summary>
    public required string? ClusterSecret { get; init; }

    /// <summary>Null: no certificates between nodes.</summary>
    public required string? ClusterCertificates { get; init; }

    /// <summary>Pace of gossip and failure detection.</summary>
    public required MembershipOptions Membership { get; init; }

    public required ListenAddress Address { get; init; }

    public required ListenAddress ConsoleAddress { get; init; }

    /// <summary>Null: take it from <see cref="CredentialsFile"/>, or generate it there.</summary>
    public required RootCredential? RootCredential { get; init; }

    public required string CredentialsFile { get; init; }

    public required string Region { get; init; }

    /// <summary>Lower case, without leading or trailing dots.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    public required string? WalDirectory { get; init; }

    /// <summary>Null: by the number of drives.</summary>
    public required int? StandardParity { get; init; }

    /// <summary>Null: by the number of drives.</summary>
    public required int? ReducedParity { get; init; }

    /// <summary>Null: plain HTTP.</summary>
    public required CertificateFiles? Certificate { get; init; }

    public required bool IsSignatureV2Allowed { get; init; }

    /// <summary>Between being told to stop and refusing connections.</summary>
    public required TimeSpan LeaveTime { get; init; }

    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>From the end of a complete check of a drive to the next; zero: none.</summary>
    public required TimeSpan ScrubPeriod { get; init; }

    /// <summary>Of each drive.</summary>
    public required long ScrubBytesPerSecond { get; init; }

    public required bool IsJsonLog { get; init; }

    public required LogLevel LogLevel { get; init; }
}
