using Cairn.Api.S3.Errors;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Conditions;

/// <summary>The conditions under which a client wants an object, or a copy of it.</summary>
/// <remarks>
/// If-Match beats If-Unmodified-Since, and If-None-Match beats If-Modified-Since: the stronger one alone decides.
/// Dates that cannot be read are ignored, as RFC 9110 wants it.
/// </remarks>
internal readonly record struct ReadConditions(
    string? IfMatch, string? IfNoneMatch, string? IfModifiedSince, string? IfUnmodifiedSince)
{
    /// <summary>Reads the four headers; most requests have none of them.</summary>
    /// <param name="call">The request.</param>
    /// <param name="isCopySource">The ones that start with x-amz-copy-source-.</param>
    public static ReadConditions Read(S3Call call, bool isCopySource)
    {
        if (isCopySource)
        {
            return new ReadConditions(
                call.Header("x-amz-copy-source-if-match"),
                call.Header("x-amz-copy-source-if-none-match"),
                call.Header("x-amz-copy-source-if-modified-since"),
                call.Header("x-amz-copy-source-if-unmodified-since"));
        }

        return new ReadConditions(
            call.Request.Headers.IfMatch,
            call.Request.Headers.IfNoneMatch,
            call.Request.Headers.IfModifiedSince,
            call.Request.Headers.IfUnmodifiedSince);
    }

    /// <summary>
    /// If-Range: whoever goes on with a download wants the rest of the object it began with, or all of the new one.
    /// </summary>
    /// <returns>False when the range must be ignored.</returns>
    public static bool AllowRange(S3Call call, ObjectDescription current)
    {
        if (call.Request.Headers.IfRange.Count == 0)
        {
            return true;
        }

        string validator = call.Request.Headers.IfRange.ToString();
        return HttpDate.TryParse(validator, out DateTimeOffset time)
            ? time == HttpDate.ToSecond(current.LastModified)
            : validator.Trim('"') == current.ETag;
    }

    /// <summary>PreconditionFailed, NotModified, or null when the object may be had.</summary>
    public S3Error? Evaluate(ObjectDescription current)
    {
        DateTimeOffset modified = HttpDate.ToSecond(current.LastModified);
        if (IfMatch is not null)
        {
            if (!ETagList.Matches(IfMatch, current.ETag))
            {
                return S3Error.PreconditionFailed.With("Condition", "If-Match");
            }
        }
        else if (HttpDate.TryParse(IfUnmodifiedSince, out DateTimeOffset unmodifiedSince) && modified > unmodifiedSince)
        {
            return S3Error.PreconditionFailed.With("Condition", "If-Unmodified-Since");
        }

        if (IfNoneMatch is not null)
        {
            return ETagList.Matches(IfNoneMatch, current.ETag) ? S3Error.NotModified : null;
        }

        return HttpDate.TryParse(IfModifiedSince, out DateTimeOffset modifiedSince) && modified <= modifiedSince
            ? S3Error.NotModified
            : null;
    }
}
