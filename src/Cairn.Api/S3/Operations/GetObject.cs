using Cairn.Api.S3.Conditions;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Objects;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Api.S3.Operations;

internal static class GetObject
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        if (call.ReadVersion(out VersionId? version) is { } versionError)
        {
            return versionError;
        }

        ObjectResult<ObjectReader> result = await call.Store.OpenAsync(
            call.Bucket, call.Key, version, call.Cancellation);
        await using ObjectReader? reader = result.Value;
        if (!result.IsOk)
        {
            return ObjectReading.ToError(result.Error, reader?.Description);
        }

        S3Error? error = ObjectReading.Prepare(call, reader!.Description, reader.Parts, out ByteRange range);
        if (error is null)
        {
            await reader.CopyToAsync(call.Response.BodyWriter, range.Offset, range.Length, call.Cancellation);
        }

        return error;
    }
}
