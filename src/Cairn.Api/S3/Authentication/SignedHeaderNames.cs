using Cairn.Api.S3.Errors;
using Cairn.Primitives.SigV4;
using Microsoft.Extensions.Primitives;

namespace Cairn.Api.S3.Authentication;

/// <summary>The list of header names that a version 4 signature covers.</summary>
internal static class SignedHeaderNames
{
    /// <summary>Appends the covered headers in the list's order, with the values received.</summary>
    public static void AppendTo(
        ref CanonicalRequest canonical, scoped ReadOnlySpan<char> names, HeaderList headers)
    {
        foreach (Range range in names.Split(';'))
        {
            ReadOnlySpan<char> name = names[range];
            StringValues values = headers.Find(name);
            canonical.AppendHeaderName(name);
            for (int index = 0; index < values.Count; index++)
            {
                canonical.AppendHeaderValue(values[index], isFirst: index == 0);
            }

            canonical.AppendHeaderEnd();
        }
    }

    /// <summary>
    /// The error for a header that must be covered and is not: host, and each x-amz-* header, because those change what
    /// a request means (a copy source added to a presigned PUT would read any object).
    /// </summary>
    public static S3Error? CheckCoverage(ReadOnlySpan<char> names, HeaderList headers)
    {
        string? missing = Contains(names, "host") ? null : "host";
        foreach (ref readonly KeyValuePair<string, StringValues> header in headers.Headers)
        {
            if (header.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !Contains(names, header.Key))
            {
                missing = header.Key;
            }
        }

        return missing is null
            ? null
            : S3Error.AccessDenied
                .Because("There were headers present in the request which were not signed")
                .With("HeadersNotSigned", missing.ToLowerInvariant());
    }

    private static bool Contains(ReadOnlySpan<char> names, string name)
    {
        foreach (Range range in names.Split(';'))
        {
            if (names[range].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
