using System.Globalization;
using Cairn.Api.Admin;
using Cairn.Client.Admin;
using Cairn.Objects;
using Cairn.Objects.Healing;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.Health;

/// <summary>The health addresses of MinIO, which balancers, charts and scripts have been set up for.</summary>
/// <remarks>
/// Bodies are empty, the answer is in status and headers. ?maintenance=true asks whether this node may be taken away:
/// quorums are counted without its drives, and no is 412.
/// See: MinIO documentation, "Healthcheck probe".
/// </remarks>
internal sealed class MinioHealth(ObjectStore store, ClusterSources cluster, ServingState serving)
{
    private const string Live = "/minio/health/live";
    private const string Ready = "/minio/health/ready";
    private const string Cluster = "/minio/health/cluster";
    private const string ClusterRead = "/minio/health/cluster/read";

    public static bool IsPath(string path) => path is Live or Ready or Cluster or ClusterRead;

    public void Answer(HttpContext context, ReadinessReport readiness)
    {
        IHeaderDictionary headers = context.Response.Headers;
        string? path = context.Request.Path.Value;
        bool isMaintenance = string.Equals(context.Request.Query["maintenance"], "true", StringComparison.OrdinalIgnoreCase);
        QuorumStatus quorum = store.GetQuorumStatus(isMaintenance);
        bool isGood = path switch
        {
            Live => true,
            Ready => readiness.IsReady,
            ClusterRead => quorum.CanRead,
            _ => quorum.CanWrite,
        };
        if (path is Cluster or ClusterRead)
        {
            headers[path == Cluster ? "X-Minio-Write-Quorum" : "X-Minio-Read-Quorum"] = Number(
                path == Cluster ? quorum.WriteQuorum : quorum.ReadQuorum);
            headers["X-Minio-Storage-Class-Defaults"] = cluster.IsDefaultCode ? "true" : "false";
            int healing = store.GetHealStatus().Drives.Count(drive => drive.Activity != HealActivity.Idle);
            if (healing > 0)
            {
                headers["X-Minio-Healing-Drives"] = Number(healing);
            }
        }

        if (!isGood || serving.IsLeaving)
        {
            headers["X-Minio-Server-Status"] = "offline";
        }

        context.Response.StatusCode = isGood
            ? StatusCodes.Status200OK
            : isMaintenance ? StatusCodes.Status412PreconditionFailed : StatusCodes.Status503ServiceUnavailable;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
