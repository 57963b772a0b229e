using Cairn.Api.S3.Errors;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Operations;

internal static class DeleteBucketTagging
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        ObjectResult<BucketDescription> result = await call.Store.UpdateBucketAsync(
            call.Bucket, static bucket => bucket with { Tags = [] }, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        call.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
