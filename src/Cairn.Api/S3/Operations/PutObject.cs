using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Multipart;
using Cairn.Api.S3.Objects;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Operations;

internal static class PutObject
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        BodyClaims? claims = null;
        PutRequest? request = null;
        S3Error? error = UploadAddress.RefusePartNumber(call)
            ?? ObjectWrite.TryParse(call, out request)
            ?? BodyClaims.TryParse(call, BodyClaims.MaxSize, out claims);
        if (error is not null)
        {
            return error;
        }

        ObjectResult<BucketDescription> bucket = await call.Store.GetBucketAsync(call.Bucket, call.Cancellation);
        if (!bucket.IsOk)
        {
            return bucket.Error.ToS3();
        }

        using RequestBody body = RequestBody.Open(call, claims!, kept: null);
        ObjectResult<PutReceipt> result = await call.Store.PutAsync(request!, body, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        PutReceipt receipt = result.Value;
        call.Response.Headers.ETag = ObjectHeaders.Quote(receipt.ETag);
        ObjectHeaders.WriteVersion(call.Response, receipt.Version, receipt.IsVersioned);
        ObjectHeaders.WriteChecksum(call.Response, receipt.Checksum, partCount: 0);
        call.Response.ContentLength = 0;
        return null;
    }
}
