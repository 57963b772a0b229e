using System.Globalization;
using Cairn.Api.S3.Errors;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Conditions;

/// <summary>The conditions of a write, which the store decides together with it.</summary>
internal static class WriteConditions
{
    /// <summary>If-Match and If-None-Match of a put, a copy or a completion.</summary>
    public static S3Error? TryParse(S3Call call, out WriteCondition? condition)
    {
        condition = null;
        string? ifMatch = call.Request.Headers.IfMatch;
        string? ifNoneMatch = call.Request.Headers.IfNoneMatch;
        if (ifNoneMatch is not null && (ifMatch is not null || ifNoneMatch.Trim() != "*"))
        {
            return S3Error.NotImplemented.Because(
                "A header you provided implies functionality that is not implemented")
                .With("Header", "If-None-Match");
        }

        if (ifMatch is not null || ifNoneMatch is not null)
        {
            condition = new WriteCondition(
                MustNotExist: ifNoneMatch is not null, ifMatch is null ? null : ETagList.Parse(ifMatch));
        }

        return null;
    }

    /// <summary>If-Match, x-amz-if-match-last-modified-time and x-amz-if-match-size of a delete.</summary>
    public static S3Error? TryParseDelete(S3Call call, out WriteCondition? condition) => TryParseDelete(
        call.Request.Headers.IfMatch,
        call.Header("x-amz-if-match-last-modified-time"),
        call.Header("x-amz-if-match-size"),
        out condition);

    /// <summary>The same conditions, from wherever they stood.</summary>
    public static S3Error? TryParseDelete(
        string? etag, string? lastModified, string? size, out WriteCondition? condition)
    {
        condition = null;
        if (etag is null && lastModified is null && size is null)
        {
            return null;
        }

        condition = new WriteCondition(MustNotExist: false, etag is null ? null : ETagList.Parse(etag));
        if (lastModified is not null)
        {
            if (!HttpDate.TryParse(lastModified, out DateTimeOffset time))
            {
                return S3Error.InvalidArgument.Because("The last modified time of the condition is not a date.");
            }

            condition = condition with { IfLastModified = time };
        }

        if (size is not null)
        {
            if (!long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
            {
                return S3Error.InvalidArgument.Because("The size of the condition is not a number.");
            }

            condition = condition with { IfSize = bytes };
        }

        return null;
    }
}
