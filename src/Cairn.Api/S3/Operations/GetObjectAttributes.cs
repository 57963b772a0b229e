using System.Globalization;
using Cairn.Api.S3.Checksums;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Listings;
using Cairn.Api.S3.Objects;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Api.S3.Operations;

internal static class GetObjectAttributes
{
    private const string AttributesHeader = "x-amz-object-attributes";

    private static readonly string[] Known = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        string[] attributes = [];
        int maxParts = 0;
        int marker = 0;
        S3Error? error = call.ReadVersion(out VersionId? version)
            ?? ReadAttributes(call, out attributes)
            ?? PageLimit.TryParse(call.Header("x-amz-max-parts"), "x-amz-max-parts", out maxParts)
            ?? ReadMarker(call, out marker);
        if (error is not null)
        {
            return error;
        }

        ObjectResult<ObjectReader> result = await call.Store.OpenAsync(
            call.Bucket, call.Key, version, call.Cancellation);
        await using ObjectReader? reader = result.Value;
        if (!result.IsOk)
        {
            return ObjectReading.ToError(result.Error, reader?.Description);
        }

        ObjectDescription description = reader!.Description;
        call.Response.Headers.LastModified = HttpDate.Format(description.LastModified);
        ObjectHeaders.WriteVersion(call.Response, description.Version, description.IsVersioned);
        using var xml = new XmlOutput();
        xml.OpenResult("GetObjectAttributesResponse"u8);
        Render(xml, description, attributes);
        if (attributes.Contains("ObjectParts") && reader.Parts.Count > 0)
        {
            RenderParts(xml, reader.Parts, marker, maxParts);
        }

        xml.Close("GetObjectAttributesResponse"u8);
        await xml.RespondAsync(call);
        return null;
    }

    private static S3Error? ReadAttributes(S3Call call, out string[] attributes)
    {
        attributes = (call.Header(AttributesHeader) ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (attributes.Length > 0 && attributes.All(Known.Contains))
        {
            return null;
        }

        return S3Error.InvalidArgument.Because("Invalid attribute name specified.")
            .With("ArgumentName", AttributesHeader);
    }

    private static S3Error? ReadMarker(S3Call call, out int marker)
    {
        marker = 0;
        string? text = call.Header("x-amz-part-number-marker");
        return string.IsNullOrEmpty(text)
            || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out marker)
                ? null
                : S3Error.InvalidArgument.With("ArgumentName", "x-amz-part-number-marker");
    }

    private static void Render(XmlOutput xml, ObjectDescription description, string[] attributes)
    {
        if (attributes.Contains("ETag"))
        {
            // The one place where an ETag has no quotes.
            xml.Element("ETag"u8, description.ETag);
        }

        if (attributes.Contains("Checksum") && description.Checksum is { } checksum)
        {
            xml.Open("Checksum"u8);
            ChecksumText.Render(xml, checksum, description.PartCount);
            xml.Element("ChecksumType"u8, ChecksumText.FormatType(checksum.Type));
            xml.Close("Checksum"u8);
        }

        if (attributes.Contains("StorageClass"))
        {
            xml.Element("StorageClass"u8, description.StorageClass);
        }

        if (attributes.Contains("ObjectSize"))
        {
            xml.Element("ObjectSize"u8, description.Size);
        }
    }

    private static void RenderParts(XmlOutput xml, IReadOnlyList<ObjectPart> parts, int marker, int maxParts)
    {
        ObjectPart[] page = [.. parts.Where(part => part.Number > marker).Take(maxParts)];
        int next = page.Length > 0 ? page[^1].Number : marker;
        xml.Open("ObjectParts"u8);
        xml.Element("IsTruncated"u8, page.Length > 0 && next < parts[^1].Number);
        xml.Element("MaxParts"u8, maxParts);
        xml.Element("NextPartNumberMarker"u8, next);
        xml.Element("PartNumberMarker"u8, marker);
        foreach (ObjectPart part in page)
        {
            xml.Open("Part"u8);
            ChecksumText.Render(xml, part.Checksum, partCount: 0);
            xml.Element("PartNumber"u8, part.Number);
            xml.Element("Size"u8, part.Size);
            xml.Close("Part"u8);
        }

        xml.Element("PartsCount"u8, parts.Count);
        xml.Close("ObjectParts"u8);
    }
}
