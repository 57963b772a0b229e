using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Listings;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Listing;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Operations;

internal static class ListObjectsV2
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        int limit = 0;
        string after = call.Query.Find("start-after") ?? "";
        string? token = call.Query.Find("continuation-token");
        S3Error? error = KeyEncoding.TryParse(call, out KeyEncoding encoding)
            ?? PageLimit.TryParse(call.Query.Find("max-keys"), "max-keys", out limit);
        // An empty token is what some clients send with the first request.
        error ??= string.IsNullOrEmpty(token) ? null : ContinuationToken.TryParse(token, out after);
        if (error is not null)
        {
            return error;
        }

        var query = new ObjectQuery
        {
            Bucket = call.Bucket,
            Prefix = call.Query.Find("prefix") ?? "",
            Delimiter = call.Query.Find("delimiter") ?? "",
            After = after,
            Limit = limit,
        };
        ObjectResult<ObjectPage> result = await call.Store.ListAsync(query, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        using var xml = new XmlOutput();
        Render(xml, call, encoding, query, result.Value);
        await xml.RespondAsync(call);
        return null;
    }

    private static void Render(XmlOutput xml, S3Call call, KeyEncoding encoding, ObjectQuery query, ObjectPage page)
    {
        xml.OpenResult("ListBucketResult"u8);
        xml.Element("Name"u8, query.Bucket);
        encoding.Element(xml, "Prefix"u8, query.Prefix);
        if (query.Delimiter.Length > 0)
        {
            encoding.Element(xml, "Delimiter"u8, query.Delimiter);
        }

        xml.Element("MaxKeys"u8, query.Limit);
        encoding.Announce(xml);
        xml.Element("KeyCount"u8, page.Objects.Count + page.CommonPrefixes.Count);
        xml.Element("IsTruncated"u8, page.Next is not null);
        xml.ElementIfAny("ContinuationToken"u8, call.Query.Find("continuation-token"));
        xml.ElementIfAny("NextContinuationToken"u8, page.Next is null ? null : ContinuationToken.Create(page.Next));
        encoding.ElementIfAny(xml, "StartAfter"u8, call.Query.FindText("start-after"));
        bool hasOwner = string.Equals(call.Query.Find("fetch-owner"), "true", StringComparison.OrdinalIgnoreCase);
        foreach (ObjectDescription entry in page.Objects)
        {
            ObjectEntry.Render(xml, encoding, entry, hasOwner);
        }

        encoding.CommonPrefixes(xml, page.CommonPrefixes);
        xml.Close("ListBucketResult"u8);
    }
}
