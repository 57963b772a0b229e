using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Listings;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Listing;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Api.S3.Operations;

internal static class ListObjectVersions
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        int limit = 0;
        VersionId? afterVersion = null;
        S3Error? error = KeyEncoding.TryParse(call, out KeyEncoding encoding)
            ?? PageLimit.TryParse(call.Query.Find("max-keys"), "max-keys", out limit)
            ?? ReadMarker(call, out afterVersion);
        if (error is not null)
        {
            return error;
        }

        var query = new VersionQuery
        {
            Bucket = call.Bucket,
            Prefix = call.Query.Find("prefix") ?? "",
            Delimiter = call.Query.Find("delimiter") ?? "",
            AfterKey = call.Query.Find("key-marker") ?? "",
            AfterVersion = afterVersion,
            Limit = limit,
        };
        ObjectResult<VersionPage> result = await call.Store.ListVersionsAsync(query, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        using var xml = new XmlOutput();
        Render(xml, encoding, query, result.Value);
        await xml.RespondAsync(call);
        return null;
    }

    private static S3Error? ReadMarker(S3Call call, out VersionId? marker)
    {
        marker = null;
        if (call.Query.FindText("version-id-marker") is not { } text)
        {
            return null;
        }

        if (call.Query.FindText("key-marker") is null)
        {
            return S3Error.InvalidArgument
                .Because("A version-id marker cannot be specified without a key marker.")
                .With("ArgumentName", "version-id-marker");
        }

        if (!VersionId.TryParse(text, out VersionId version))
        {
            return S3Error.InvalidArgument.Because("Invalid version id specified")
                .With("ArgumentName", "version-id-marker");
        }

        marker = version;
        return null;
    }

    private static void Render(XmlOutput xml, KeyEncoding encoding, VersionQuery query, VersionPage page)
    {
        xml.OpenResult("ListVersionsResult"u8);
        xml.Element("Name"u8, query.Bucket);
        encoding.Element(xml, "Prefix"u8, query.Prefix);
        encoding.Element(xml, "KeyMarker"u8, query.AfterKey);
        xml.Element("VersionIdMarker"u8, query.AfterVersion?.ToString() ?? "");
        encoding.ElementIfAny(xml, "NextKeyMarker"u8, page.NextKey);
        xml.ElementIfAny("NextVersionIdMarker"u8, page.NextVersion?.ToString());
        if (query.Delimiter.Length > 0)
        {
            encoding.Element(xml, "Delimiter"u8, query.Delimiter);
        }

        xml.Element("MaxKeys"u8, query.Limit);
        encoding.Announce(xml);
        xml.Element("IsTruncated"u8, page.NextKey is not null);
        foreach (ObjectDescription version in page.Versions)
        {
            RenderVersion(xml, encoding, version);
        }

        encoding.CommonPrefixes(xml, page.CommonPrefixes);
        xml.Close("ListVersionsResult"u8);
    }

    private static void RenderVersion(XmlOutput xml, KeyEncoding encoding, ObjectDescription version)
    {
        ReadOnlySpan<byte> element = version.IsDeleteMarker ? "DeleteMarker"u8 : "Version"u8;
        xml.Open(element);
        encoding.Element(xml, "Key"u8, version.Key);
        xml.Element("VersionId"u8, version.Version.ToString());
        xml.Element("IsLatest"u8, version.IsLatest);
        xml.Element("LastModified"u8, version.LastModified);
        if (!version.IsDeleteMarker)
        {
            ObjectEntry.RenderContent(xml, version);
        }

        xml.Owner("Owner"u8);
        xml.Close(element);
    }
}
