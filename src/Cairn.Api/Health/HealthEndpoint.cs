using System.Text.Json;
using Cairn.Api.Admin;
using Cairn.Client.Admin;
using Cairn.Objects;
using Cairn.Objects.Healing;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.Health;

/// <summary>Says whether the process runs, whether requests are welcome, and whether everything is where it belongs.</summary>
/// <remarks>
/// A store with drives lost serves, but is not whole: /health/ready steers traffic, /health/whole wakes the operator.
/// Only unsigned requests come here: a signed one to the same path is for the object of that name, because health is a
/// bucket name like any other.
/// </remarks>
internal sealed class HealthEndpoint(ObjectStore store, ClusterSources cluster, ServingState serving, TimeProvider time)
{
    private const string Live = "/health/live";
    private const string Ready = "/health/ready";
    private const string Whole = "/health/whole";

    private readonly ReadinessCheck _readiness = new(store, cluster, serving, time);
    private readonly MinioHealth _minio = new(store, cluster, serving);

    /// <summary>Whether a request is a probe.</summary>
    public static bool Matches(HttpRequest request)
    {
        string path = request.Path.Value ?? "";
        return (path is Live or Ready or Whole ? !request.QueryString.HasValue : MinioHealth.IsPath(path))
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && request.Headers.Authorization.Count == 0;
    }

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        switch (context.Request.Path.Value)
        {
            case Live:
                await AnswerAsync(context, isGood: true, "text/plain", "ok"u8.ToArray());
                break;
            case Ready:
                ReadinessReport report = await _readiness.RunAsync(context.RequestAborted);
                await AnswerAsync(
                    context,
                    report.IsReady,
                    "application/json",
                    JsonSerializer.SerializeToUtf8Bytes(report, AdminJson.Default.ReadinessReport));
                break;
            case Whole:
                HealStatus status = store.GetHealStatus();
                await AnswerAsync(
                    context, status.IsWhole, "text/plain", System.Text.Encoding.UTF8.GetBytes(WholenessReport.Render(status)));
                break;
            default:
                ReadinessReport readiness = await _readiness.RunAsync(context.RequestAborted);
                _minio.Answer(context, readiness);
                break;
        }
    }

    private static async Task AnswerAsync(HttpContext context, bool isGood, string type, byte[] body)
    {
        context.Response.StatusCode = isGood ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
