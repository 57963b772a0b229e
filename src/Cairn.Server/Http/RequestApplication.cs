using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cairn.Server.Http;

/// <summary>Hands Kestrel's requests to a handler with nothing in between.</summary>
/// <remarks>
/// Purpose: the generic host's pipeline starts a diagnostic activity, a log scope and a service scope for each request;
/// the S3 API uses none of them. The context is kept with the connection and used again.
/// Concurrency: requests of one connection follow each other, those of different connections share nothing.
/// </remarks>
internal sealed class RequestApplication(RequestDelegate handler) : IHttpApplication<DefaultHttpContext>
{
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> connection)
        {
            return new DefaultHttpContext(contextFeatures);
        }

        if (connection.HostContext is { } kept)
        {
            kept.Initialize(contextFeatures);
            return kept;
        }

        return connection.HostContext = new DefaultHttpContext(contextFeatures);
    }

    public Task ProcessRequestAsync(DefaultHttpContext context) => handler(context);

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
