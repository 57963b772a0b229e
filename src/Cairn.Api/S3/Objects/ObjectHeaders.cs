using System.Globalization;
using System.Text;
using Cairn.Api.S3.Checksums;
using Cairn.Api.S3.Errors;
using Cairn.Objects;
using Cairn.Objects.Layout;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Objects;

/// <summary>The headers that answers about an object carry.</summary>
internal static class ObjectHeaders
{
    private static readonly (string Parameter, string Header)[] Overrides =
    [
        ("response-content-type", "content-type"),
        ("response-content-language", "content-language"),
        ("response-expires", "expires"),
        ("response-cache-control", "cache-control"),
        ("response-content-disposition", "content-disposition"),
        ("response-content-encoding", "content-encoding"),
    ];

    /// <summary>Everything that GET and HEAD say about a version, except the length.</summary>
    public static void Write(HttpResponse response, ObjectDescription description)
    {
        IHeaderDictionary headers = response.Headers;
        WriteValidators(response, description);
        headers.AcceptRanges = "bytes";
        if (description.StorageClass != StorageClasses.Standard)
        {
            headers["x-amz-storage-class"] = description.StorageClass;
        }

        if (description.Tags.Count > 0)
        {
            headers["x-amz-tagging-count"] = description.Tags.Count.ToString(CultureInfo.InvariantCulture);
        }

        headers.ContentType = "binary/octet-stream";
        foreach ((string name, string value) in description.Metadata)
        {
            headers[name] = name.StartsWith(StoredHeaders.UserPrefix, StringComparison.Ordinal)
                ? EncodeUserValue(value)
                : value;
        }
    }

    /// <summary>What an answer without the object still says: 304, and the head of every other one.</summary>
    public static void WriteValidators(HttpResponse response, ObjectDescription description)
    {
        IHeaderDictionary headers = response.Headers;
        headers.ETag = Quote(description.ETag);
        headers.LastModified = HttpDate.Format(description.LastModified);
        WriteVersion(response, description.Version, description.IsVersioned);
    }

    /// <summary>The version id, where versioning is or was on.</summary>
    public static void WriteVersion(HttpResponse response, VersionId version, bool isVersioned)
    {
        if (isVersioned)
        {
            response.Headers["x-amz-version-id"] = version.ToString();
        }
    }

    /// <summary>A stored checksum, and what it covers.</summary>
    public static void WriteChecksum(HttpResponse response, ObjectChecksum? checksum, int partCount)
    {
        if (checksum is null)
        {
            return;
        }

        response.Headers[ChecksumKind.Of(checksum.Algorithm).Header] = ChecksumText.Format(checksum, partCount);
        WriteChecksumType(response, checksum);
    }

    /// <summary>What a checksum covers.</summary>
    public static void WriteChecksumType(HttpResponse response, ObjectChecksum? checksum)
    {
        if (checksum is not null)
        {
            response.Headers["x-amz-checksum-type"] = ChecksumText.FormatType(checksum.Type);
        }
    }

    /// <summary>
    /// Applies the response-* parameters. A link's signature covers them, and nobody else may set them.
    /// </summary>
    public static S3Error? ApplyOverrides(S3Call call)
    {
        if (call.Query.Parameters.IsEmpty)
        {
            return null;
        }

        foreach ((string parameter, string header) in Overrides)
        {
            if (call.Query.FindText(parameter) is not { } value)
            {
                continue;
            }

            if (call.Signature.Mechanism == Authentication.SignatureMechanism.None)
            {
                return S3Error.InvalidRequest.Because(
                    "Request specific response headers cannot be used for anonymous GET requests.");
            }

            if (StoredHeaders.ContainsControl(value))
            {
                return S3Error.InvalidArgument.Because("A response header cannot contain control characters.")
                    .With("ArgumentName", parameter);
            }

            call.Response.Headers[header] = value;
        }

        return null;
    }

    public static string Quote(string etag) => string.Concat("\"", etag, "\"");

    // AWS gives back in RFC 2047's words what does not fit into ASCII, because many clients read nothing else.
    private static string EncodeUserValue(string value) => Ascii.IsValid(value)
        ? value
        : $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=";
}
