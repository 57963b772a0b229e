using Cairn.Api.S3.Checksums;
using Cairn.Api.S3.Xml;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Listings;

/// <summary>One object of a listing.</summary>
internal static class ObjectEntry
{
    public static void Render(XmlOutput xml, KeyEncoding encoding, ObjectDescription entry, bool hasOwner)
    {
        xml.Open("Contents"u8);
        encoding.Element(xml, "Key"u8, entry.Key);
        xml.Element("LastModified"u8, entry.LastModified);
        RenderContent(xml, entry);
        if (hasOwner)
        {
            xml.Owner("Owner"u8);
        }

        xml.Close("Contents"u8);
    }

    /// <summary>What a version and a current object have in common.</summary>
    public static void RenderContent(XmlOutput xml, ObjectDescription entry)
    {
        xml.ETag(entry.ETag);
        if (entry.Checksum is { } checksum)
        {
            xml.Element("ChecksumAlgorithm"u8, ChecksumKind.Of(checksum.Algorithm).Name);
            xml.Element("ChecksumType"u8, ChecksumText.FormatType(checksum.Type));
        }

        xml.Element("Size"u8, entry.Size);
        xml.Element("StorageClass"u8, entry.StorageClass);
    }
}
