using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Cairn.Benchmarks.Cluster;

/// <summary>Kestrel and the framework's client, without protection: HTTP/2 over one connection, or HTTP/1.1 over many.</summary>
internal sealed class HttpWire : IWire
{
    private readonly WebApplication _application;
    private readonly HttpClient _client;
    private readonly Version _version;

    private HttpWire(WebApplication application, HttpClient client, Version version)
    {
        _application = application;
        _client = client;
        _version = version;
    }

    public string Name => $"HTTP/{_version}, plain";

    public static async Task<HttpWire> StartAsync(Version version)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 8 << 20;
            kestrel.Limits.Http2.InitialStreamWindowSize = 1 << 20;
            kestrel.Limits.Http2.MaxFrameSize = 128 << 10;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols =
                version.Major == 2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        });
        WebApplication application = builder.Build();
        application.Run(AnswerAsync);
        await application.StartAsync();
        string address = application.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Single();
        HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(address) };
        return new HttpWire(application, client, version);
    }

    public Task CallAsync(ReadOnlyMemory<byte> body) => SendAsync(body);

    public Task StreamAsync(ReadOnlyMemory<byte> body) => SendAsync(body);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        byte[] answer = new byte[32];
        bool isFirst = true;
        while (true)
        {
            ReadResult read = await context.Request.BodyReader.ReadAsync();
            if (isFirst && read.Buffer.Length >= answer.Length)
            {
                read.Buffer.Slice(0, answer.Length).CopyTo(answer);
                isFirst = false;
            }

            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/call")
        {
            Version = _version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(body),
        };
        using HttpResponseMessage response = await _client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }
}
