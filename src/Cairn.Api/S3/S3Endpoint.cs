using Cairn.Api.S3.Authentication;
using Cairn.Api.S3.Authorization;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Routing;
using Cairn.Objects.Data;
using Cairn.Objects.Quorum;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Cairn.Api.S3;

/// <summary>Serves the S3 API: every request to it goes through here, and in this order.</summary>
/// <remarks>
/// Steps: (1) address, query and operation from the raw target; (2) signature; (3) authorisation by the operation's
/// row; (4) what all operations have in common; (5) the operation. The body is not touched before (5), so a client
/// that waits for 100-continue is only told to go on when nothing stands against its request.
/// Failure: whatever happens ends in an S3 error document, or, when the answer has begun, in a broken connection, which
/// is the only way left to say that it is not whole.
/// Concurrency: any number of requests.
/// </remarks>
internal sealed class S3Endpoint(S3Services services, RequestIds ids, ILogger<S3Endpoint> logger)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        using ClientTime.Use serving = services.Store.Clients.Enter();
        var call = new S3Call(services, context, ids.Next());
        call.ResetResponse();
        S3Error? error;
        try
        {
            error = Prepare(call) ?? await call.Operation!.Handler!(call);
        }
        catch (S3Exception exception)
        {
            error = exception.Error;
        }
        catch (BadHttpRequestException exception)
        {
            error = exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? S3Error.EntityTooLarge
                : S3Error.IncompleteBody;
        }
        catch (DataUnavailableException exception)
        {
            Log.DataUnavailable(logger, exception, call.RequestId);
            error = S3Error.ServiceUnavailable.Because("Too few good shards of the object answer. Try again.");
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: there is nobody to tell, and what failed because of it is no failure.
            context.Abort();
            return;
        }
        catch (Exception exception)
        {
            Log.RequestFailed(logger, exception, call.RequestId, call.Operation?.Name ?? "");
            error = S3Error.InternalError;
        }

        if (error is not null)
        {
            await ErrorDocument.WriteAsync(call, error);
        }
    }

    private S3Error? Prepare(S3Call call)
    {
        S3Error? routing = Route(call, out OperationMatch match); // (1)
        if (routing is not null)
        {
            return routing;
        }

        call.Operation = match.Row;
        S3Error? error = services.Authenticator.Authenticate(call, out RequestSignature signature); // (2)
        call.Signature = signature;
        return error
            ?? OperationAuthorization.Check(call, match) // (3)
            ?? CommonHeaders.Check(call); // (4)
    }

    private S3Error? Route(S3Call call, out OperationMatch match)
    {
        match = default;
        string text = call.Http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!RawTarget.TryParse(text, out RawTarget target) || !S3Query.TryParse(target.Query, out S3Query query))
        {
            return S3Error.InvalidUri;
        }

        call.Target = target;
        call.Query = query;
        string? hostBucket = services.Hosts.FindBucket(call.Request.Headers.Host.ToString());
        if (!S3Address.TryParse(hostBucket, target.Path, out S3Address address))
        {
            return S3Error.InvalidUri;
        }

        call.Address = address;
        bool hasCopySource = call.Request.Headers.ContainsKey("x-amz-copy-source")
            || query.FindHeader("x-amz-copy-source") is not null;
        match = OperationTable.Match(call.Request.Method, address.Level, query, hasCopySource);
        return null;
    }
}
