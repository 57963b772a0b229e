using Cairn.Api.Admin;
using Cairn.Api.Health;
using Cairn.Api.S3;
using Cairn.Api.S3.Authentication;
using Cairn.Api.S3.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Cairn.Api;

/// <summary>The one way in: hands each request to health, the admin API or S3.</summary>
/// <remarks>
/// Invariant: what neither of the others claims is for S3, where everything that is not known is refused. Concurrency:
/// any number of requests.
/// </remarks>
public sealed class ApiEndpoint
{
    private readonly ServingState _serving;
    private readonly HealthEndpoint _health;
    private readonly S3Endpoint _s3;
    private readonly AdminEndpoint _admin;

    public ApiEndpoint(ApiParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _serving = parts.Serving;
        _health = new HealthEndpoint(parts.Store, parts.Cluster, parts.Serving, parts.Time);
        RequestIds ids = new();
        S3Services services = new(
            parts.Options,
            parts.Store,
            parts.Time,
            new Authenticator(parts.Options, parts.Credentials, parts.Time),
            new HostStyle(parts.Options.Domains));
        _s3 = new S3Endpoint(services, ids, parts.Logs.CreateLogger<S3Endpoint>());
        _admin = new AdminEndpoint(
            services,
            new AdminServices(
                new ClusterReport(parts.Cluster, parts.Store, parts.Serving), parts.Serving, parts.Cluster.Administration),
            ids,
            parts.Logs.CreateLogger<AdminEndpoint>());
    }

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        // A connection that is kept would be cut when a node that leaves has gone, maybe under the next request.
        if (_serving.IsLeaving || IsWaitingForNothing(context))
        {
            context.Response.OnStarting(static state => CloseAfter((HttpContext)state), context);
        }

        if (HealthEndpoint.Matches(context.Request))
        {
            return _health.HandleAsync(context);
        }

        return _admin.Matches(context) ? _admin.HandleAsync(context) : _s3.HandleAsync(context);
    }

    // An empty body with "Expect: 100-continue" gets no 100 here, which RFC 9110 (10.1.1) leaves to the server. botocore 1.29
    // keeps what it got in its place for the next such request of the connection, and hangs there until it gives up.
    private static bool IsWaitingForNothing(HttpContext context) =>
        context.Request.Headers.Expect.Count > 0
        && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    private static Task CloseAfter(HttpContext context)
    {
        // HTTP/2 has no such header, and says goodbye by itself.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}
