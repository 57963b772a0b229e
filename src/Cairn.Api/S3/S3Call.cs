using Cairn.Api.S3.Authentication;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Routing;
using Cairn.Objects;
using Cairn.Primitives.Checksums;
using Cairn.Primitives.Ids;
using Cairn.Security.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Cairn.Api.S3;

/// <summary>One request on its way through routing, authentication, authorisation and its operation.</summary>
internal sealed class S3Call(S3Services services, HttpContext http, string requestId)
{
    public HttpContext Http { get; } = http;

    public HttpRequest Request { get; } = http.Request;

    public HttpResponse Response { get; } = http.Response;

    public string RequestId { get; } = requestId;

    public S3Options Options => services.Options;

    public ObjectStore Store => services.Store;

    public TimeProvider Time => services.Time;

    public Md5Combiner Md5 => services.Md5;

    public RawTarget Target { get; set; }

    public S3Address Address { get; set; }

    public S3Query Query { get; set; } = S3Query.Empty;

    /// <summary>Null while none is selected, or when there is none.</summary>
    public OperationRow? Operation { get; set; }

    public RequestSignature Signature { get; set; } = RequestSignature.Anonymous;

    /// <summary>Nothing of the request is left on the connection.</summary>
    public bool IsBodyRead { get; set; }

    public string Bucket => Address.Bucket;

    public string Key => Address.Key;

    public CancellationToken Cancellation => Http.RequestAborted;

    /// <summary>A request by which clients find out what region to sign for.</summary>
    public bool IsRegionDiscovery => Operation?.Name is "GetBucketLocation" or "HeadBucket";

    /// <summary>An x-amz-* header, or the parameter of a presigned link that stands for it; null when absent.</summary>
    public string? Header(string name)
    {
        if (Request.Headers.TryGetValue(name, out StringValues values))
        {
            return values.ToString();
        }

        return Signature.IsInQuery ? Query.FindHeader(name) : null;
    }

    /// <summary>An answer that says nothing yet but whose it is.</summary>
    public void ResetResponse()
    {
        Response.Headers.Clear();
        Response.Headers["x-amz-request-id"] = RequestId;
        Response.Headers["x-amz-id-2"] = ErrorDocument.HostId;
    }

    /// <summary>Whether the signer may do something; every operation asks for its own action before it runs.</summary>
    public S3Error? Authorize(string action, string bucket, string key) =>
        AccessRules.Evaluate(new AccessRequest(Signature.Identity, action, bucket, key)) == AccessVerdict.Allowed
            ? null
            : S3Error.AccessDenied;

    /// <summary>The version that the request names; null when it names none.</summary>
    public S3Error? ReadVersion(out VersionId? version)
    {
        version = null;
        if (Query.FindText("versionId") is not { } text)
        {
            return null;
        }

        if (!VersionId.TryParse(text, out VersionId parsed))
        {
            return S3Error.InvalidArgument.Because("Invalid version id specified")
                .With("ArgumentName", "versionId")
                .With("ArgumentValue", text);
        }

        version = parsed;
        return null;
    }
}
