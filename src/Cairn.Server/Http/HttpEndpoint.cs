using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cairn.Api.S3;
using Cairn.Server.Options;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Http;

/// <summary>Kestrel on the S3 address.</summary>
/// <remarks>
/// Invariants: HTTP/1.1 in the clear; HTTP/1.1 and HTTP/2 over TLS, chosen by the client. The limits on what one
/// connection may hold bound memory, since any number of clients may be slow at once.
/// Failure: an address that cannot be bound is an IOException with the system's reason.
/// </remarks>
internal sealed class HttpEndpoint : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IServer _server;

    private HttpEndpoint(IHost host, IServer server)
    {
        _host = host;
        _server = server;
    }

    /// <summary>Where clients reach it, with the port the system chose where none was given.</summary>
    public IReadOnlyCollection<string> Addresses =>
        [.. _server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];

    /// <summary>Begins to accept connections.</summary>
    public static async Task<HttpEndpoint> StartAsync(ServerModel model, RequestDelegate handler, ILoggerFactory logs)
    {
        // The host is built for its container alone, and never started: Kestrel finds its buffers, its TLS services and
        // its counters there, and falls back to poorer ones, or fails, without.
        IHost host = new HostBuilder()
            .ConfigureWebHost(
                web => web.UseKestrelCore()
                    .UseKestrelHttpsConfiguration()
                    .ConfigureKestrel(options => Configure(options, model)),
                options => options.SuppressEnvironmentConfiguration = true)
            .ConfigureServices(services => services
                .AddSingleton(logs)
                .AddSingleton<IMemoryPoolFactory<byte>, ConnectionBuffersFactory>())
            .Build();
        try
        {
            IServer server = host.Services.GetRequiredService<IServer>();
            await server.StartAsync(new RequestApplication(handler), CancellationToken.None);
            return new HttpEndpoint(host, server);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Stops accepting and lets requests in flight finish; those that take longer are cut off.</summary>
    public async Task DrainAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        await _server.StopAsync(deadline.Token);
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Configure(KestrelServerOptions options, ServerModel model)
    {
        options.ConfigureForS3();
        options.Limits.MaxRequestHeaderCount = ServerLimits.MaxHeaderCount;
        options.Limits.RequestHeadersTimeout = ServerLimits.HeaderTimeout;
        options.Limits.KeepAliveTimeout = ServerLimits.KeepAliveTimeout;
        Listen(options, model);
    }

    private static void Listen(KestrelServerOptions options, ServerModel model)
    {
        void Configure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1;
            if (model.Certificate is { } files)
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(LoadCertificate(files));
            }
        }

        if (model.Address.Host is { } host)
        {
            options.Listen(host, model.Address.Port, Configure);
        }
        else
        {
            options.ListenAnyIP(model.Address.Port, Configure);
        }
    }

    private static HttpsConnectionAdapterOptions LoadCertificate(CertificateFiles files)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(files.ChainPath);
        return new HttpsConnectionAdapterOptions
        {
            ServerCertificate = X509Certificate2.CreateFromPemFile(files.ChainPath, files.KeyPath),
            ServerCertificateChain = chain,
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
    }
}
