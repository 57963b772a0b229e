using System.Globalization;
using Cairn.Api.S3.Checksums;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Listings;
using Cairn.Api.S3.Multipart;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Multipart;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Operations;

internal static class ListParts
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        int marker = 0;
        KeyEncoding encoding = default;
        S3Error? error = PageLimit.TryParse(call.Query.Find("max-parts"), "max-parts", out int limit)
            ?? ReadMarker(call, out marker)
            ?? KeyEncoding.TryParse(call, out encoding);
        if (error is not null)
        {
            return error;
        }

        ObjectResult<PartPage> result = await call.Store.ListPartsAsync(
            call.Bucket, call.Key, UploadAddress.IdOf(call), marker, limit, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        using var xml = new XmlOutput();
        xml.OpenResult("ListPartsResult"u8);
        xml.Element("Bucket"u8, call.Bucket);
        encoding.Element(xml, "Key"u8, call.Key);
        encoding.Announce(xml);
        xml.Element("UploadId"u8, UploadAddress.IdOf(call));
        UploadElements.Render(xml, result.Value.Upload);
        xml.Element("PartNumberMarker"u8, marker);
        xml.Element("NextPartNumberMarker"u8, result.Value.Parts.Count > 0 ? result.Value.Parts[^1].Number : 0);
        xml.Element("MaxParts"u8, limit);
        xml.Element("IsTruncated"u8, result.Value.Next is not null);
        foreach (ObjectPart part in result.Value.Parts)
        {
            RenderPart(xml, part);
        }

        xml.Close("ListPartsResult"u8);
        await xml.RespondAsync(call);
        return null;
    }

    private static S3Error? ReadMarker(S3Call call, out int marker)
    {
        marker = 0;
        return call.Query.FindText("part-number-marker") is not { } text
            || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out marker)
                ? null
                : S3Error.InvalidArgument
                    .Because("Argument part-number-marker must be an integer between 0 and 2147483647")
                    .With("ArgumentName", "part-number-marker")
                    .With("ArgumentValue", text);
    }

    private static void RenderPart(XmlOutput xml, ObjectPart part)
    {
        xml.Open("Part"u8);
        xml.Element("PartNumber"u8, part.Number);
        xml.Element("LastModified"u8, part.LastModified);
        xml.ETag(part.ETag);
        xml.Element("Size"u8, part.Size);
        ChecksumText.Render(xml, part.Checksum, partCount: 0);
        xml.Close("Part"u8);
    }
}
