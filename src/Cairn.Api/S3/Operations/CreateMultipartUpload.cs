using Cairn.Api.S3.Checksums;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Multipart;
using Cairn.Api.S3.Objects;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Multipart;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Operations;

internal static class CreateMultipartUpload
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        ChecksumKind? kind = null;
        ChecksumType? type = null;
        S3Error? error = ObjectWrite.TryParse(call, out PutRequest? request)
            ?? UploadChecksum.TryParse(call, out kind, out type);
        if (error is not null)
        {
            return error;
        }

        ObjectResult<UploadDescription> result = await call.Store.CreateUploadAsync(
            request! with { Condition = null }, kind?.Algorithm, type, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        if (kind is not null)
        {
            call.Response.Headers["x-amz-checksum-algorithm"] = kind.Name;
            call.Response.Headers["x-amz-checksum-type"] = ChecksumText.FormatType(type!.Value);
        }

        using var xml = new XmlOutput();
        xml.OpenResult("InitiateMultipartUploadResult"u8);
        xml.Element("Bucket"u8, call.Bucket);
        xml.Element("Key"u8, call.Key);
        xml.Element("UploadId"u8, result.Value.UploadId);
        xml.Close("InitiateMultipartUploadResult"u8);
        await xml.RespondAsync(call);
        return null;
    }
}
