using System.Text;
using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Errors;
using Microsoft.Extensions.Primitives;

namespace Cairn.Api.S3.Objects;

/// <summary>The headers of an upload that are kept with the object and come back with it.</summary>
internal static class StoredHeaders
{
    /// <summary>Prefix of a user's own headers.</summary>
    public const string UserPrefix = "x-amz-meta-";

    /// <summary>
    /// S3's limit for a user's own headers, names without prefix and values together, in UTF-8 bytes.
    /// </summary>
    private const int MaxUserBytes = 2048;

    private static readonly string[] Verbatim =
    [
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-type",
        "expires",
        "x-amz-website-redirect-location",
    ];

    public static S3Error? TryCollect(S3Call call, out List<KeyValuePair<string, string>> stored)
    {
        stored = new List<KeyValuePair<string, string>>(4);
        foreach (KeyValuePair<string, StringValues> header in call.Request.Headers)
        {
            Add(stored, header.Key, header.Value.ToString());
        }

        if (call.Signature.IsInQuery)
        {
            foreach (KeyValuePair<string, string> parameter in call.Query.Parameters)
            {
                AddFromQuery(stored, parameter);
            }
        }

        return Check(stored);
    }

    private static void Add(List<KeyValuePair<string, string>> stored, string name, string value)
    {
        if (name.StartsWith(UserPrefix, StringComparison.OrdinalIgnoreCase))
        {
            stored.Add(new(name.ToLowerInvariant(), value));
            return;
        }

        foreach (string known in Verbatim)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                string? kept = known == "content-encoding" ? ContentEncoding.WithoutAwsChunked(value) : value;
                if (kept is { Length: > 0 })
                {
                    stored.Add(new(known, kept));
                }

                return;
            }
        }
    }

    // Only what a presigner moves there: a parameter such as "expires" is part of a signature, not of the object.
    private static void AddFromQuery(
        List<KeyValuePair<string, string>> stored, KeyValuePair<string, string> parameter)
    {
        string name = parameter.Key.ToLowerInvariant();
        if (name.StartsWith("x-amz-", StringComparison.Ordinal) || name == "content-type")
        {
            if (!stored.Exists(header => header.Key == name))
            {
                Add(stored, name, parameter.Value);
            }
        }
    }

    private static S3Error? Check(List<KeyValuePair<string, string>> stored)
    {
        int userBytes = 0;
        foreach ((string name, string value) in stored)
        {
            // A parameter can carry what no header can; given back in a header it would forge others.
            bool isName = Ascii.IsValid(name) && !ContainsControl(name) && !name.Contains(' ', StringComparison.Ordinal);
            if (!isName || ContainsControl(value))
            {
                return S3Error.InvalidArgument.Because("A metadata header contains characters that no header may have.")
                    .With("ArgumentName", UserPrefix + "*");
            }

            if (name.StartsWith(UserPrefix, StringComparison.Ordinal))
            {
                userBytes += name.Length - UserPrefix.Length + Encoding.UTF8.GetByteCount(value);
            }
        }

        return userBytes <= MaxUserBytes
            ? null
            : S3Error.MetadataTooLarge
                .With("Size", userBytes.ToString(System.Globalization.CultureInfo.InvariantCulture))
                .With("MaxSizeAllowed", MaxUserBytes.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    internal static bool ContainsControl(string text)
    {
        foreach (char c in text)
        {
            if (c is (< ' ' and not '\t') or '\x7F')
            {
                return true;
            }
        }

        return false;
    }
}
