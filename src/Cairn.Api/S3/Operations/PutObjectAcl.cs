using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Objects;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Api.S3.Operations;

internal static class PutObjectAcl
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        if (call.ReadVersion(out VersionId? version) is { } versionError)
        {
            return versionError;
        }

        ObjectResult<ObjectDescription> result = await call.Store.DescribeAsync(
            call.Bucket, call.Key, version, call.Cancellation);
        return result.IsOk ? await OwnerAcl.CheckWriteAsync(call) : ObjectReading.ToError(result.Error, result.Value);
    }
}
