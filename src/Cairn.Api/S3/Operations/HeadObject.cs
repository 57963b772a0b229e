using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Objects;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Api.S3.Operations;

internal static class HeadObject
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        if (call.ReadVersion(out VersionId? version) is { } versionError)
        {
            return versionError;
        }

        if (call.Query.Has("partNumber"))
        {
            return await HandlePartAsync(call, version);
        }

        ObjectResult<ObjectDescription> result = await call.Store.DescribeAsync(
            call.Bucket, call.Key, version, call.Cancellation);
        return result.IsOk
            ? ObjectReading.Prepare(call, result.Value, [], out _)
            : ObjectReading.ToError(result.Error, result.Value);
    }

    // Only an open version knows where its parts begin.
    private static async Task<S3Error?> HandlePartAsync(S3Call call, VersionId? version)
    {
        ObjectResult<ObjectReader> result = await call.Store.OpenAsync(
            call.Bucket, call.Key, version, call.Cancellation);
        await using ObjectReader? reader = result.Value;
        return result.IsOk
            ? ObjectReading.Prepare(call, reader!.Description, reader.Parts, out _)
            : ObjectReading.ToError(result.Error, reader?.Description);
    }
}
