using Microsoft.AspNetCore.Builder;

namespace Cairn.Api.S3;

/// <summary>Puts the S3 API into a host.</summary>
public static class S3ApplicationBuilderExtensions
{
    /// <summary>
    /// Answers every request that came this far. Nothing in front of it may rewrite headers, path or bodies: signatures
    /// cover them as they were sent.
    /// </summary>
    public static IApplicationBuilder UseS3(this IApplicationBuilder app, ApiEndpoint endpoint)
    {
        app.Run(endpoint.HandleAsync);
        return app;
    }
}
