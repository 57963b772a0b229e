using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Objects;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Operations;

internal static class PutBucketTagging
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        ReadOnlyMemory<byte> document = await BufferedBody.ReadAsync(call, needsIntegrity: false);
        IReadOnlyList<KeyValuePair<string, string>> tags = TagSet.Parse(document, TagSet.MaxOfBucket);
        ObjectResult<BucketDescription> result = await call.Store.UpdateBucketAsync(
            call.Bucket, bucket => bucket with { Tags = tags }, call.Cancellation);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        call.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
