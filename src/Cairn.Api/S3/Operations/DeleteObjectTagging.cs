using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Objects;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Operations;

internal static class DeleteObjectTagging
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        if (call.ReadVersion(out VersionId? version) is { } versionError)
        {
            return versionError;
        }

        ObjectResult<ObjectDescription> result = await call.Store.SetTagsAsync(
            call.Bucket, call.Key, version, [], call.Cancellation);
        if (!result.IsOk)
        {
            return ObjectReading.ToError(result.Error, result.Value);
        }

        ObjectHeaders.WriteVersion(call.Response, result.Value.Version, result.Value.IsVersioned);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
