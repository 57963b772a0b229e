using Cairn.Api.S3.Checksums;
using Cairn.Api.S3.Xml;
using Cairn.Objects.Multipart;

namespace Cairn.Api.S3.Listings;

/// <summary>What listings of uploads and of parts say about an upload.</summary>
internal static class UploadElements
{
    public static void Render(XmlOutput xml, UploadDescription upload)
    {
        xml.Owner("Initiator"u8);
        xml.Owner("Owner"u8);
        xml.Element("StorageClass"u8, upload.StorageClass);
        if (upload.Checksum is { } algorithm)
        {
            xml.Element("ChecksumAlgorithm"u8, ChecksumKind.Of(algorithm).Name);
        }

        if (upload.ChecksumType is { } type)
        {
            xml.Element("ChecksumType"u8, ChecksumText.FormatType(type));
        }
    }
}
