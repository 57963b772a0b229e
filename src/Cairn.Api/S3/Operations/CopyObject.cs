using Cairn.Api.S3.Checksums;
using Cairn.Api.S3.Conditions;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Multipart;
using Cairn.Api.S3.Objects;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Operations;

internal static class CopyObject
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        PutRequest? destination = null;
        bool replaceMetadata = false;
        bool replaceTags = false;
        ChecksumKind? checksum = null;
        CopySource? source = null;
        S3Error? error = UploadAddress.RefusePartNumber(call)
            ?? CopySource.TryParse(call, out source)
            ?? source!.Authorize(call)
            ?? ObjectWrite.TryParse(call, out destination)
            ?? ReadDirectives(call, out replaceMetadata, out replaceTags)
            ?? ReadChecksum(call, out checksum);
        if (error is not null)
        {
            return error;
        }

        ObjectResult<BucketDescription> bucket = await call.Store.GetBucketAsync(call.Bucket, call.Cancellation);
        if (!bucket.IsOk)
        {
            return bucket.Error.ToS3();
        }

        ObjectResult<ObjectDescription> described = await call.Store.DescribeAsync(
            source!.Bucket, source.Key, source.Version, call.Cancellation);
        if (!described.IsOk)
        {
            return CopySource.ToError(described);
        }

        ObjectDescription current = described.Value;
        // NotModified has no meaning here: whatever does not hold is a failed precondition.
        if (ReadConditions.Read(call, isCopySource: true).Evaluate(current) is not null)
        {
            return S3Error.PreconditionFailed;
        }

        error = CheckChange(call, source, current, replaceMetadata);
        if (error is not null)
        {
            return error;
        }

        var request = new CopyRequest
        {
            SourceBucket = source.Bucket,
            SourceKey = source.Key,
            SourceVersion = source.Version,
            Destination = destination!,
            ReplaceMetadata = replaceMetadata,
            ReplaceTags = replaceTags,
            Checksum = checksum?.Algorithm,
            ExpectedSourceETag = current.ETag,
        };
        return await KeepAliveAnswer.RunAsync(
            call,
            call.Store.CopyAsync(request, call.Cancellation).AsTask(),
            receipt => WriteHeaders(call, current, receipt),
            Render);
    }

    private static S3Error? ReadDirectives(S3Call call, out bool replaceMetadata, out bool replaceTags)
    {
        replaceTags = false;
        if (!TryReadDirective(call.Header("x-amz-metadata-directive"), out replaceMetadata))
        {
            return S3Error.InvalidArgument.Because("Unknown metadata directive.")
                .With("ArgumentName", "x-amz-metadata-directive");
        }

        if (!TryReadDirective(call.Header("x-amz-tagging-directive"), out replaceTags))
        {
            return S3Error.InvalidArgument.Because("Unknown tagging directive.")
                .With("ArgumentName", "x-amz-tagging-directive");
        }

        return call.Request.Headers.Range.Count > 0
            ? S3Error.InvalidArgument.Because("The specified copy cannot be of a range.").With("ArgumentName", "Range")
            : null;
    }

    private static bool TryReadDirective(string? text, out bool isReplace)
    {
        isReplace = text == "REPLACE";
        return text is null or "" or "COPY" or "REPLACE";
    }

    private static S3Error? ReadChecksum(S3Call call, out ChecksumKind? checksum)
    {
        checksum = null;
        if (call.Header("x-amz-checksum-algorithm") is not { Length: > 0 } name)
        {
            return null;
        }

        checksum = ChecksumKind.FindByName(name);
        return checksum is null
            ? S3Error.InvalidRequest.Because(
                "Checksum algorithm provided is unsupported. Please try again with a known algorithm.")
            : null;
    }

    private static S3Error? CheckChange(
        S3Call call, CopySource source, ObjectDescription current, bool replaceMetadata)
    {
        bool isSelf = source.Bucket == call.Bucket && source.Key == call.Key && source.Version is null;
        bool changesStorage =
            call.Header("x-amz-storage-class") is { Length: > 0 } name && name != current.StorageClass;
        bool changesChecksum = call.Header("x-amz-checksum-algorithm") is { Length: > 0 };
        return isSelf && !replaceMetadata && !changesStorage && !changesChecksum
            ? S3Error.InvalidRequest.Because(
                "This copy request is illegal because it is trying to copy an object to itself without changing the "
                + "object's metadata, storage class, website redirect location or encryption attributes.")
            : null;
    }

    private static void WriteHeaders(S3Call call, ObjectDescription source, PutReceipt receipt)
    {
        ObjectHeaders.WriteVersion(call.Response, receipt.Version, receipt.IsVersioned);
        if (source.IsVersioned)
        {
            call.Response.Headers["x-amz-copy-source-version-id"] = source.Version.ToString();
        }
    }

    private static void Render(Xml.XmlOutput xml, PutReceipt receipt)
    {
        xml.OpenResult("CopyObjectResult"u8);
        xml.Element("LastModified"u8, receipt.LastModified);
        xml.ETag(receipt.ETag);
        if (receipt.Checksum is { } checksum)
        {
            xml.Element("ChecksumType"u8, ChecksumText.FormatType(checksum.Type));
            ChecksumText.Render(xml, checksum, ETagParts.Count(receipt.ETag));
        }

        xml.Close("CopyObjectResult"u8);
    }
}
