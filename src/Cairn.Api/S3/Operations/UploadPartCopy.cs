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

namespace Cairn.Api.S3.Operations;

internal static class UploadPartCopy
{
    private const string RangeHeader = "x-amz-copy-source-range";

    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        CopySource? source = null;
        S3Error? error = UploadAddress.ReadPartNumber(call, out int number)
            ?? UnsupportedHeaders.Check(call)
            ?? CopySource.TryParse(call, out source)
            ?? source!.Authorize(call);
        if (error is not null)
        {
            return error;
        }

        ObjectResult<UploadDescription> upload = await call.Store.GetUploadAsync(
            call.Bucket, call.Key, UploadAddress.IdOf(call), call.Cancellation);
        if (!upload.IsOk)
        {
            return upload.Error.ToS3();
        }

        ObjectResult<ObjectReader> opened = await call.Store.OpenAsync(
            source!.Bucket, source.Key, source.Version, call.Cancellation);
        ObjectReader? reader = opened.Value;
        if (!opened.IsOk)
        {
            await (reader?.DisposeAsync() ?? ValueTask.CompletedTask);
            return CopySource.ToError(new ObjectResult<ObjectDescription>(opened.Error, reader?.Description));
        }

        ByteRange range = default;
        error = CheckConditions(call, reader!.Description) ?? ReadRange(call, reader.Description.Size, out range);
        if (error is not null)
        {
            await reader.DisposeAsync();
            return error;
        }

        return await KeepAliveAnswer.RunAsync(
            call,
            CopyAsync(call, number, reader, range, UploadChecksum.KeptBy(upload.Value)),
            _ => WriteSourceVersion(call, reader.Description),
            Render);
    }

    // The reader is this task's: it outlives a client that gives up waiting for the answer.
    private static async Task<ObjectResult<ObjectPart>> CopyAsync(
        S3Call call, int number, ObjectReader reader, ByteRange range, ChecksumAlgorithm kept)
    {
        await using (reader)
        {
            await using var body = new CopiedBody(call, reader, range, kept);
            return await call.Store.PutPartAsync(
                call.Bucket, call.Key, UploadAddress.IdOf(call), number, body, call.Cancellation);
        }
    }

    private static S3Error? CheckConditions(S3Call call, ObjectDescription source) =>
        ReadConditions.Read(call, isCopySource: true).Evaluate(source) is null ? null : S3Error.PreconditionFailed;

    // Unlike a reader's range, this one must be whole: "bytes=first-last", inside the object.
    private static S3Error? ReadRange(S3Call call, long size, out ByteRange range)
    {
        range = new ByteRange(0, size);
        if (call.Header(RangeHeader) is not { Length: > 0 } text)
        {
            return size <= BodyClaims.MaxSize ? null : TooLarge();
        }

        S3Error? error = ByteRange.TryParse(text, size, out ByteRange? parsed);
        string expected = parsed is { } some
            ? System.FormattableString.Invariant($"bytes={some.Offset}-{some.Offset + some.Length - 1}")
            : "";
        if (error is not null || text != expected)
        {
            bool isOutside = error is not null || parsed is not null;
            return (isOutside ? S3Error.InvalidRange with { Status = 400 } : S3Error.InvalidArgument)
                .Because(
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are "
                    + "the zero-based offsets of the first and last bytes to copy")
                .With("ArgumentName", RangeHeader)
                .With("ArgumentValue", text);
        }

        range = parsed!.Value;
        return range.Length <= BodyClaims.MaxSize ? null : TooLarge();
    }

    private static S3Error TooLarge() => S3Error.InvalidRequest.Because(
        "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");

    private static void WriteSourceVersion(S3Call call, ObjectDescription source)
    {
        if (source.IsVersioned)
        {
            call.Response.Headers["x-amz-copy-source-version-id"] = source.Version.ToString();
        }
    }

    private static void Render(XmlOutput xml, ObjectPart part)
    {
        xml.OpenResult("CopyPartResult"u8);
        xml.Element("LastModified"u8, part.LastModified);
        xml.ETag(part.ETag);
        ChecksumText.Render(xml, part.Checksum, partCount: 0);
        xml.Close("CopyPartResult"u8);
    }
}
