using Cairn.Api.S3.Errors;
using Cairn.Objects;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Operations;

internal static class DeleteBucket
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        ObjectError error = await call.Store.DeleteBucketAsync(call.Bucket, call.Cancellation);
        if (error != ObjectError.None)
        {
            return error.ToS3();
        }

        call.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
