using Cairn.Api.S3;
using Cairn.Api.S3.Authentication;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Routing;
using Cairn.Client.Admin;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Cairn.Api.Admin;

/// <summary>Serves the admin API, on the port of the S3 API.</summary>
/// <remarks>
/// Steps: (1) the signature, by the verifier that all requests pass; (2) authorisation by the operation's row, where a
/// path without a row asks for an action that nobody has; (3) the operation.
/// Invariants: only a signature of version 4 in the header counts, and it covers the body: a link that somebody was
/// given must never administer anything. Failure: an error is a JSON document with code and message.
/// Concurrency: any number of requests.
/// </remarks>
internal sealed class AdminEndpoint(
    S3Services requests, AdminServices services, RequestIds ids, ILogger<AdminEndpoint> logger)
{
    /// <summary>Whether the request is for the admin API: a bucket of a virtual host may have any key.</summary>
    public bool Matches(HttpContext context) =>
        TargetOf(context).StartsWith(AdminPaths.Root, StringComparison.Ordinal)
        && requests.Hosts.FindBucket(context.Request.Headers.Host.ToString()) is null;

    public async Task HandleAsync(HttpContext context)
    {
        var call = new S3Call(requests, context, ids.Next());
        call.ResetResponse();
        S3Error? error;
        try
        {
            error = Prepare(call, out AdminOperation? operation) ?? await operation!.Handler(new AdminCall(call, services));
        }
        catch (S3Exception exception)
        {
            error = exception.Error;
        }
        catch (BadHttpRequestException)
        {
            error = S3Error.IncompleteBody;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
            return;
        }
        catch (Exception exception)
        {
            Log.RequestFailed(logger, exception, call.RequestId, context.Request.Path);
            error = S3Error.InternalError;
        }

        if (error is not null)
        {
            await AnswerAsync(call, error);
        }
    }

    private S3Error? Prepare(S3Call call, out AdminOperation? operation)
    {
        operation = null;
        if (!RawTarget.TryParse(TargetOf(call.Http), out RawTarget target) || !S3Query.TryParse(target.Query, out S3Query query))
        {
            return S3Error.InvalidUri;
        }

        call.Target = target;
        call.Query = query;
        if (requests.Authenticator.Authenticate(call, out RequestSignature signature) is { } wrong) // (1)
        {
            return wrong;
        }

        ReadOnlySpan<char> path = target.Path[AdminPaths.Root.Length..];
        call.Signature = signature;
        operation = AdminTable.Find(call.Request.Method, path);
        S3Error? denied = CheckSignature(signature) // (2)
            ?? call.Authorize(operation?.Action ?? AdminTable.NoAction, bucket: "", key: "");
        if (denied is not null || operation is not null)
        {
            return denied;
        }

        return AdminTable.HasPath(path)
            ? S3Error.MethodNotAllowed
            : new S3Error("NoSuchOperation", StatusCodes.Status404NotFound, "The admin API has no such operation.");
    }

    private static S3Error? CheckSignature(RequestSignature signature) => signature switch
    {
        { Mechanism: SignatureMechanism.None } => S3Error.AccessDenied,
        { Mechanism: SignatureMechanism.HeaderV4, Payload.Mode: PayloadMode.Hash } => null,
        _ => S3Error.AccessDenied.Because(
            "The admin API takes signatures of version 4 in the Authorization header that cover the body."),
    };

    private static async Task AnswerAsync(S3Call call, S3Error error)
    {
        if (call.Response.HasStarted)
        {
            call.Http.Abort();
            return;
        }

        call.ResetResponse();
        if (ErrorDocument.MustClose(call, error))
        {
            call.Response.Headers.Connection = "close";
        }

        await AdminCall.WriteAsync(
            call, new AdminError(error.Code, error.Message, call.RequestId), AdminJson.Default.AdminError, error.Status);
    }

    private static string TargetOf(HttpContext context) =>
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
}
