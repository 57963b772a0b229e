using Cairn.Api.S3.Conditions;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Objects;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Operations;

internal static class DeleteObject
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        WriteCondition? condition = null;
        S3Error? error = call.ReadVersion(out VersionId? version)
            ?? WriteConditions.TryParseDelete(call, out condition);
        if (error is not null)
        {
            return error;
        }

        ObjectResult<DeleteReceipt> result = await call.Store.DeleteAsync(
            call.Bucket, call.Key, version, condition, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        DeleteReceipt receipt = result.Value;
        ObjectHeaders.WriteVersion(call.Response, receipt.Version, receipt.IsVersioned);
        if (receipt.IsDeleteMarker)
        {
            call.Response.Headers["x-amz-delete-marker"] = "true";
        }

        call.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
