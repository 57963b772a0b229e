using System.Globalization;
using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Checksums;
using Cairn.Api.S3.Conditions;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Multipart;
using Cairn.Api.S3.Objects;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Multipart;
using Cairn.Objects.Versions;
using Cairn.Primitives.Codecs;

namespace Cairn.Api.S3.Operations;

internal static class CompleteMultipartUpload
{
    private const int MaxParts = 10_000;

    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        long? expectedSize = null;
        S3Error? error = WriteConditions.TryParse(call, out WriteCondition? condition)
            ?? ReadExpectedSize(call, out expectedSize);
        if (error is not null)
        {
            return error;
        }

        string uploadId = UploadAddress.IdOf(call);
        // A finished upload is gone, and yet its completion may be repeated: the store knows which it is.
        ObjectResult<UploadDescription> upload = await call.Store.GetUploadAsync(
            call.Bucket, call.Key, uploadId, call.Cancellation);
        if (!upload.IsOk && upload.Error != ObjectError.NoSuchUpload)
        {
            return upload.Error.ToS3();
        }

        // The checksum headers are the object's here, not the document's: the body must not be verified by them.
        ReadOnlyMemory<byte> document = await BufferedBody.ReadUncheckedAsync(call);
        List<CompletedPart> parts = ParseParts(document, upload.Value);
        if (ReadExpectedChecksum(call, upload.Value, parts.Count, out ObjectChecksum? expected) is { } checksumError)
        {
            return checksumError;
        }

        var request = new CompleteRequest
        {
            Bucket = call.Bucket,
            Key = call.Key,
            UploadId = uploadId,
            Parts = parts,
            Condition = condition,
            ExpectedSize = expectedSize,
            ExpectedChecksum = expected,
        };
        return await KeepAliveAnswer.RunAsync(
            call,
            call.Store.CompleteUploadAsync(request, call.Cancellation).AsTask(),
            receipt => ObjectHeaders.WriteVersion(call.Response, receipt.Version, receipt.IsVersioned),
            (xml, receipt) => Render(xml, call, receipt));
    }

    private static S3Error? ReadExpectedSize(S3Call call, out long? size)
    {
        size = null;
        if (call.Header("x-amz-mp-object-size") is not { Length: > 0 } text)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return S3Error.InvalidRequest.Because("Value for x-amz-mp-object-size header is invalid.");
        }

        size = number;
        return null;
    }

    private static S3Error? ReadExpectedChecksum(
        S3Call call, UploadDescription? upload, int partCount, out ObjectChecksum? checksum)
    {
        checksum = null;
        ChecksumType type = upload?.ChecksumType ?? ChecksumType.FullObject;
        if (call.Header("x-amz-checksum-type") is { Length: > 0 } name
            && (!ChecksumText.TryParseType(name, out ChecksumType claimed)
                || (upload?.ChecksumType is { } expected && claimed != expected)))
        {
            return S3Error.InvalidRequest.Because(
                "The upload was created using another checksum type than the x-amz-checksum-type header names.");
        }

        foreach (ChecksumKind kind in ChecksumKind.All)
        {
            if (call.Header(kind.Header) is not { } text)
            {
                continue;
            }

            // A checksum of checksums comes with the number of parts behind it.
            int hyphen = text.IndexOf('-', StringComparison.Ordinal);
            if (!kind.TryParse(hyphen < 0 ? text : text.AsSpan(0, hyphen), out byte[] value))
            {
                return S3Error.InvalidRequest.Because($"Value for {kind.Header} header is invalid.");
            }

            if (hyphen >= 0 && ETagParts.Count(text) != partCount)
            {
                return ObjectError.CompletionMismatch.ToS3();
            }

            checksum = new ObjectChecksum(kind.Algorithm, type, value);
        }

        return null;
    }

    private static List<CompletedPart> ParseParts(ReadOnlyMemory<byte> document, UploadDescription? upload)
    {
        XmlElement root = XmlInput.Parse(document, "CompleteMultipartUpload");
        var parts = new List<CompletedPart>(root.Children.Count);
        foreach (XmlElement element in root.ChildrenNamed("Part"))
        {
            if (element.Child("PartNumber") is not { } numberElement
                || !numberElement.TryReadNumber(out long number)
                || element.ChildText("ETag") is not { } etag)
            {
                throw new S3Exception(S3Error.MalformedXml);
            }

            if (number is < 1 or > MaxParts)
            {
                throw new S3Exception(S3Error.InvalidArgument.Because(
                    "Part number must be an integer between 1 and 10000, inclusive"));
            }

            ObjectChecksum? checksum = ChecksumText.Parse(element);
            // An upload that announced no algorithm keeps one of its own choice; others were checked with the part.
            bool isKept = checksum is not null && upload is not null
                && checksum.Algorithm == UploadChecksum.KeptBy(upload);
            parts.Add(new CompletedPart((int)number, etag.Trim().Trim('"'), isKept ? checksum : null));
        }

        return parts.Count is 0 or > MaxParts ? throw new S3Exception(S3Error.MalformedXml) : parts;
    }

    private static void Render(XmlOutput xml, S3Call call, PutReceipt receipt)
    {
        xml.OpenResult("CompleteMultipartUploadResult"u8);
        xml.Element(
            "Location"u8,
            $"{call.Request.Scheme}://{call.Request.Headers.Host}/"
                + (call.Address.IsVirtualHost ? "" : call.Bucket + "/")
                + PercentEncoding.Encode(call.Key, keepSlash: true));
        xml.Element("Bucket"u8, call.Bucket);
        xml.Element("Key"u8, call.Key);
        xml.ETag(receipt.ETag);
        if (receipt.Checksum is { } checksum)
        {
            ChecksumText.Render(xml, checksum, ETagParts.Count(receipt.ETag));
            xml.Element("ChecksumType"u8, ChecksumText.FormatType(checksum.Type));
        }

        xml.Close("CompleteMultipartUploadResult"u8);
    }
}
