using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cairn.Api.S3;
using Cairn.Server.Options;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
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
    private readonly KestrelServer _server;
    private readonly ServiceProvider _services;

    private HttpEndpoint(KestrelServer server, ServiceProvider services)
    {
        _server = server;
        _services = services;
    }

    /// <summary>Where clients reach it, with the port the system chose where none was given.</summary>
    public IReadOnlyCollection<string> Addresses =>
        [.. _server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];

    /// <summary>Begins to accept connections.</summary>
    public static async Task<HttpEndpoint> StartAsync(ServerModel model, RequestDelegate handler, ILoggerFactory logs)
    {
        // Kestrel looks its TLS services up in a container; this one holds nothing else.
        ServiceProvider services = new ServiceCollection().AddSingleton(logs).BuildServiceProvider();
        var options = new KestrelServerOptions { ApplicationServices = services };
        options.ConfigureForS3();
        options.Limits.MaxRequestHeaderCount = ServerLimits.MaxHeaderCount;
        options.Limits.RequestHeadersTimeout = ServerLimits.HeaderTimeout;
        options.Limits.KeepAliveTimeout = ServerLimits.KeepAliveTimeout;
        Listen(options, model);

        var transport = new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions()), logs);
        var server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), transport, logs);
        try
        {
            await server.StartAsync(new RequestApplication(handler), CancellationToken.None);
        }
        catch
        {
            server.Dispose();
            await services.DisposeAsync();
            throw;
        }

        return new HttpEndpoint(server, services);
    }

    /// <summary>Stops accepting and lets requests in flight finish; those that take longer are cut off.</summary>
    public async Task DrainAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        await _server.StopAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        await _services.DisposeAsync();
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
