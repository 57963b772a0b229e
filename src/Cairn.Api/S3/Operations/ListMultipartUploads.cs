using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Listings;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Listing;
using Cairn.Objects.Multipart;

namespace Cairn.Api.S3.Operations;

internal static class ListMultipartUploads
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        int limit = 0;
        S3Error? error = KeyEncoding.TryParse(call, out KeyEncoding encoding)
            ?? PageLimit.TryParse(call.Query.Find("max-uploads"), "max-uploads", out limit);
        if (error is not null)
        {
            return error;
        }

        string? keyMarker = call.Query.FindText("key-marker");
        var query = new UploadQuery
        {
            Bucket = call.Bucket,
            Prefix = call.Query.Find("prefix") ?? "",
            Delimiter = call.Query.Find("delimiter") ?? "",
            AfterKey = keyMarker ?? "",
            // Without the key that it belongs to, an upload id says nothing about where to go on.
            AfterUpload = keyMarker is null ? null : call.Query.FindText("upload-id-marker"),
            Limit = limit,
        };
        ObjectResult<UploadPage> result = await call.Store.ListUploadsAsync(query, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        using var xml = new XmlOutput();
        Render(xml, encoding, query, result.Value);
        await xml.RespondAsync(call);
        return null;
    }

    private static void Render(XmlOutput xml, KeyEncoding encoding, UploadQuery query, UploadPage page)
    {
        xml.OpenResult("ListMultipartUploadsResult"u8);
        xml.Element("Bucket"u8, query.Bucket);
        encoding.Element(xml, "KeyMarker"u8, query.AfterKey);
        xml.Element("UploadIdMarker"u8, query.AfterUpload ?? "");
        encoding.ElementIfAny(xml, "NextKeyMarker"u8, page.NextKey);
        xml.ElementIfAny("NextUploadIdMarker"u8, page.NextUpload);
        if (query.Delimiter.Length > 0)
        {
            encoding.Element(xml, "Delimiter"u8, query.Delimiter);
        }

        encoding.Element(xml, "Prefix"u8, query.Prefix);
        xml.Element("MaxUploads"u8, query.Limit);
        encoding.Announce(xml);
        xml.Element("IsTruncated"u8, page.NextKey is not null);
        foreach (UploadDescription upload in page.Uploads)
        {
            xml.Open("Upload"u8);
            encoding.Element(xml, "Key"u8, upload.Key);
            xml.Element("UploadId"u8, upload.UploadId);
            UploadElements.Render(xml, upload);
            xml.Element("Initiated"u8, upload.Initiated);
            xml.Close("Upload"u8);
        }

        encoding.CommonPrefixes(xml, page.CommonPrefixes);
        xml.Close("ListMultipartUploadsResult"u8);
    }
}
