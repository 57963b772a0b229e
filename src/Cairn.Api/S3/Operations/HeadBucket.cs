using Cairn.Api.S3.Errors;
using Cairn.Objects;
using Cairn.Objects.Buckets;

namespace Cairn.Api.S3.Operations;

internal static class HeadBucket
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        ObjectResult<BucketDescription> bucket = await call.Store.GetBucketAsync(call.Bucket, call.Cancellation);
        if (!bucket.IsOk)
        {
            return bucket.Error.ToS3();
        }

        call.Response.Headers["x-amz-bucket-region"] = call.Options.Region;
        call.Response.Headers["x-amz-access-point-alias"] = "false";
        call.Response.ContentType = "application/xml";
        return null;
    }
}
