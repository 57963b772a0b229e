using Cairn.Api.Admin;
using Cairn.Api.Health;
using Cairn.Api.S3;
using Cairn.Objects;
using Cairn.Security.Identities;
using Microsoft.Extensions.Logging;

namespace Cairn.Api;

/// <summary>What the HTTP surfaces of a node are made of.</summary>
public sealed record ApiParts
{
    public required S3Options Options { get; init; }

    public required ObjectStore Store { get; init; }

    public required CredentialDirectory Credentials { get; init; }

    /// <summary>The node among others.</summary>
    public required ClusterSources Cluster { get; init; }

    public ServingState Serving { get; init; } = new();

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Logs { get; init; }
}
