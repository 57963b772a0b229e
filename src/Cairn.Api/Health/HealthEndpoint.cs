using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Healing;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.Health;

/// <summary>Says whether the process runs, whether the store can serve, and whether everything is where it belongs.</summary>
/// <remarks>
/// A store with drives lost serves, but is not whole: /health/ready steers traffic, /health/whole wakes the operator.
/// Only unsigned requests come here: a signed one to the same path is for the object of that name, because health is a
/// bucket name like any other.
/// </remarks>
internal static class HealthEndpoint
{
    /// <summary>A probe that waits longer has its answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether a request is a probe.</summary>
    public static bool Matches(HttpRequest request) =>
        request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        && (request.Path == "/health/live" || request.Path == "/health/ready" || request.Path == "/health/whole")
        && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers.Authorization.Count == 0
        && !request.QueryString.HasValue;

    public static async Task HandleAsync(HttpContext context, ObjectStore store, TimeProvider time)
    {
        (bool isGood, string text) = await JudgeAsync(context, store, time);
        context.Response.StatusCode = isGood ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain";
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync(text, context.RequestAborted);
        }
    }

    private static async Task<(bool IsGood, string Text)> JudgeAsync(
        HttpContext context, ObjectStore store, TimeProvider time)
    {
        if (context.Request.Path == "/health/whole")
        {
            HealStatus status = store.GetHealStatus();
            return (status.IsWhole, WholenessReport.Render(status));
        }

        string? reason = context.Request.Path == "/health/live" ? null : await FindReasonAsync(context, store, time);
        return (reason is null, reason ?? "ok");
    }

    private static async Task<string?> FindReasonAsync(HttpContext context, ObjectStore store, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            ObjectResult<BucketPage> page = await store.ListBucketsAsync("", "", 1, linked.Token);
            return page.IsOk ? null : page.Error.ToString();
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return "the drives do not answer in time";
        }
    }
}
