using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Cairn.Benchmarks.Http;

/// <summary>The bare Kestrel endpoint: what this machine's HTTP stack can do when nothing is stored.</summary>
/// <remarks>
/// Purpose: the denominator of the HTTP bars. PUT reads the body and hashes it as an ETag demands (MD5), GET sends as
/// many bytes from memory as the key asks for, HEAD sends headers. Signatures are received and not verified.
/// </remarks>
internal static class BareServer
{
    private const int LargestObject = 64 * 1024 * 1024;

    private static readonly byte[] Content = new byte[LargestObject];

    /// <summary>Serves until the process is ended.</summary>
    /// <param name="port">On the loopback address.</param>
    /// <param name="objectBytes">What a GET answers.</param>
    public static async Task RunAsync(int port, int objectBytes)
    {
        new Random(1).NextBytes(Content);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        await using WebApplication application = builder.Build();
        application.Run(context => context.Request.Method switch
        {
            "PUT" => ReceiveAsync(context),
            "POST" => AnswerUploadAsync(context),
            "GET" => SendAsync(context, objectBytes),
            "HEAD" => DescribeAsync(context, objectBytes),
            _ => DeleteAsync(context),
        });
        await application.StartAsync();
        Console.WriteLine("ready");
        await application.WaitForShutdownAsync();
    }

    private static async Task ReceiveAsync(HttpContext context)
    {
#pragma warning disable CA5351 // S3 defines the ETag as an MD5.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        PipeReader reader = context.Request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(context.RequestAborted);
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                hash.AppendData(segment.Span);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        context.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(hash.GetHashAndReset())}\"";
        context.Response.ContentLength = 0;
    }

    private static async Task SendAsync(HttpContext context, int length)
    {
        context.Response.ContentLength = length;
        context.Response.Headers.ETag = "\"00000000000000000000000000000000\"";

        // In the steps a server that reads from somewhere would take; one write of 64 MiB would only fill queues.
        const int Step = 256 * 1024;
        for (int offset = 0; offset < length; offset += Step)
        {
            await context.Response.BodyWriter.WriteAsync(
                Content.AsMemory(offset, Math.Min(Step, length - offset)), context.RequestAborted);
        }
    }

    private static Task DescribeAsync(HttpContext context, int length)
    {
        context.Response.ContentLength = length;
        context.Response.Headers.ETag = "\"00000000000000000000000000000000\"";
        return Task.CompletedTask;
    }

    private static async Task AnswerUploadAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await context.Response.WriteAsync("<R><UploadId>bare</UploadId></R>", context.RequestAborted);
    }

    private static Task DeleteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
