using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Objects;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Api.S3.Operations;

internal static class PutObjectTagging
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        if (call.ReadVersion(out VersionId? version) is { } versionError)
        {
            return versionError;
        }

        ReadOnlyMemory<byte> document = await BufferedBody.ReadAsync(call, needsIntegrity: false);
        ObjectResult<ObjectDescription> result = await call.Store.SetTagsAsync(
            call.Bucket, call.Key, version, TagSet.Parse(document, TagSet.MaxOfObject), call.Cancellation);
        if (!result.IsOk)
        {
            return ObjectReading.ToError(result.Error, result.Value);
        }

        ObjectHeaders.WriteVersion(call.Response, result.Value.Version, result.Value.IsVersioned);
        call.Response.ContentLength = 0;
        return null;
    }
}
