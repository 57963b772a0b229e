using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3;

/// <summary>The answer to an operation that may take longer than its client's patience.</summary>
/// <remarks>
/// Purpose: when the store needs long, the answer begins with 200 and white space, and the document that follows says
/// how it ended; clients of these operations look for an error in it.
/// </remarks>
internal static class KeepAliveAnswer
{
    /// <summary>Waits for the store, and renders its result.</summary>
    /// <param name="call">The request.</param>
    /// <param name="work">The store at work.</param>
    /// <param name="prepare">Sets headers; only called when they can still be sent.</param>
    /// <param name="render">Writes the document.</param>
    public static async Task<S3Error?> RunAsync<T>(
        S3Call call, Task<ObjectResult<T>> work, Action<T> prepare, Action<XmlOutput, T> render)
    {
        bool isOnTime = await IsDoneInTimeAsync(call, work);
        if (isOnTime)
        {
            ObjectResult<T> early = await work;
            if (!early.IsOk)
            {
                return early.Error.ToS3();
            }

            prepare(early.Value);
            using var xml = new XmlOutput();
            render(xml, early.Value);
            await xml.RespondAsync(call);
            return null;
        }

        await RunLateAsync(call, work, render);
        return null;
    }

    private static async Task RunLateAsync<T>(
        S3Call call, Task<ObjectResult<T>> work, Action<XmlOutput, T> render)
    {
        call.Response.StatusCode = StatusCodes.Status200OK;
        call.Response.ContentType = "application/xml";
        await call.Response.BodyWriter.WriteAsync(XmlOutput.Declaration, call.Cancellation);
        do
        {
            await call.Response.BodyWriter.WriteAsync(" "u8.ToArray(), call.Cancellation);
        }
        while (!await IsDoneInTimeAsync(call, work));

        using var xml = new XmlOutput(hasDeclaration: false);
        S3Error? error = await EndAsync(work, xml, render);
        if (error is not null)
        {
            ErrorDocument.Render(xml, call, error);
        }

        await call.Response.BodyWriter.WriteAsync(xml.Bytes, call.Cancellation);
    }

    private static async Task<S3Error?> EndAsync<T>(
        Task<ObjectResult<T>> work, XmlOutput xml, Action<XmlOutput, T> render)
    {
        try
        {
            ObjectResult<T> late = await work;
            if (!late.IsOk)
            {
                return late.Error.ToS3();
            }

            render(xml, late.Value);
            return null;
        }
        catch (S3Exception exception)
        {
            return exception.Error;
        }
        catch (IOException)
        {
            return S3Error.ServiceUnavailable;
        }
    }

    private static async Task<bool> IsDoneInTimeAsync(S3Call call, Task work)
    {
        if (work.IsCompleted)
        {
            return true;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
        Task delay = Task.Delay(call.Options.KeepAliveInterval, call.Time, patience.Token);
        Task first = await Task.WhenAny(work, delay);
        await patience.CancelAsync();
        return first == work || work.IsCompleted || call.Cancellation.IsCancellationRequested;
    }
}
