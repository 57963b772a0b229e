using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Multipart;
using Cairn.Api.S3.Objects;
using Cairn.Objects;
using Cairn.Objects.Multipart;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Operations;

internal static class UploadPart
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        BodyClaims? claims = null;
        S3Error? error = UploadAddress.ReadPartNumber(call, out int number)
            ?? UnsupportedHeaders.Check(call)
            ?? BodyClaims.TryParse(call, BodyClaims.MaxSize, out claims);
        if (error is not null)
        {
            return error;
        }

        string uploadId = UploadAddress.IdOf(call);
        ObjectResult<UploadDescription> upload = await call.Store.GetUploadAsync(
            call.Bucket, call.Key, uploadId, call.Cancellation);
        if (!upload.IsOk)
        {
            return upload.Error.ToS3();
        }

        if (UploadChecksum.CheckPart(upload.Value, claims!.Checksum) is { } mismatch)
        {
            return mismatch;
        }

        using RequestBody body = RequestBody.Open(call, claims, UploadChecksum.KeptBy(upload.Value));
        ObjectResult<ObjectPart> result = await call.Store.PutPartAsync(
            call.Bucket, call.Key, uploadId, number, body, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        call.Response.Headers.ETag = ObjectHeaders.Quote(result.Value.ETag);
        if ((body.Claimed ?? result.Value.Checksum) is { } checksum)
        {
            call.Response.Headers[Checksums.ChecksumKind.Of(checksum.Algorithm).Header] =
                Convert.ToBase64String(checksum.Value.Span);
        }

        call.Response.ContentLength = 0;
        return null;
    }
}
