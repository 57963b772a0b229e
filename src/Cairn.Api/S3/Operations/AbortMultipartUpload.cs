using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Multipart;
using Cairn.Objects;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Operations;

internal static class AbortMultipartUpload
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        ObjectError error = await call.Store.AbortUploadAsync(
            call.Bucket, call.Key, UploadAddress.IdOf(call), call.Cancellation);
        if (error != ObjectError.None)
        {
            return error.ToS3();
        }

        call.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
