using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Listings;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Listing;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Operations;

internal static class ListObjects
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        if (call.Query.FindText("list-type") is { } type and not "1")
        {
            return S3Error.InvalidArgument.Because("Invalid List Type")
                .With("ArgumentName", "list-type")
                .With("ArgumentValue", type);
        }

        int limit = 0;
        S3Error? error = KeyEncoding.TryParse(call, out KeyEncoding encoding)
            ?? PageLimit.TryParse(call.Query.Find("max-keys"), "max-keys", out limit);
        if (error is not null)
        {
            return error;
        }

        var query = new ObjectQuery
        {
            Bucket = call.Bucket,
            Prefix = call.Query.Find("prefix") ?? "",
            Delimiter = call.Query.Find("delimiter") ?? "",
            After = call.Query.Find("marker") ?? "",
            Limit = limit,
        };
        ObjectResult<ObjectPage> result = await call.Store.ListAsync(query, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        using var xml = new XmlOutput();
        Render(xml, encoding, query, result.Value);
        await xml.RespondAsync(call);
        return null;
    }

    private static void Render(XmlOutput xml, KeyEncoding encoding, ObjectQuery query, ObjectPage page)
    {
        xml.OpenResult("ListBucketResult"u8);
        xml.Element("Name"u8, query.Bucket);
        encoding.Element(xml, "Prefix"u8, query.Prefix);
        encoding.Element(xml, "Marker"u8, query.After);
        if (query.Delimiter.Length > 0)
        {
            encoding.Element(xml, "Delimiter"u8, query.Delimiter);
            // Without a delimiter the last key is the marker, and S3 leaves it to the client to know.
            encoding.ElementIfAny(xml, "NextMarker"u8, page.Next);
        }

        xml.Element("MaxKeys"u8, query.Limit);
        encoding.Announce(xml);
        xml.Element("IsTruncated"u8, page.Next is not null);
        foreach (ObjectDescription entry in page.Objects)
        {
            ObjectEntry.Render(xml, encoding, entry, hasOwner: true);
        }

        encoding.CommonPrefixes(xml, page.CommonPrefixes);
        xml.Close("ListBucketResult"u8);
    }
}
