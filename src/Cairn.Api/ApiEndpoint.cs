using Cairn.Api.Admin;
using Cairn.Api.Health;
using Cairn.Api.S3;
using Cairn.Api.S3.Authentication;
using Cairn.Api.S3.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cairn.Api;

/// <summary>The one way in: hands each request to health, the admin API or S3.</summary>
/// <remarks>
/// Invariant: what neither of the others claims is for S3, where everything that is not known is refused. Concurrency:
/// any number of requests.
/// </remarks>
public sealed class ApiEndpoint
{
    private readonly ApiParts _parts;
    private readonly S3Endpoint _s3;
    private readonly AdminEndpoint _admin;

    public ApiEndpoint(ApiParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = parts;
        RequestIds ids = new();
        S3Services services = new(
            parts.Options,
            parts.Store,
            parts.Time,
            new Authenticator(parts.Options, parts.Credentials, parts.Time),
            new HostStyle(parts.Options.Domains));
        _s3 = new S3Endpoint(services, ids, parts.Logs.CreateLogger<S3Endpoint>());
        _admin = new AdminEndpoint(
            services, new AdminServices(new ClusterReport(parts.Cluster, parts.Store)), ids, parts.Logs.CreateLogger<AdminEndpoint>());
    }

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (HealthEndpoint.Matches(context.Request))
        {
            return HealthEndpoint.HandleAsync(context, _parts.Store, _parts.Time);
        }

        return _admin.Matches(context) ? _admin.HandleAsync(context) : _s3.HandleAsync(context);
    }
}
