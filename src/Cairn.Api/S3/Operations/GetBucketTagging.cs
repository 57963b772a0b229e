using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Objects;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Buckets;

namespace Cairn.Api.S3.Operations;

internal static class GetBucketTagging
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        ObjectResult<BucketDescription> bucket = await call.Store.GetBucketAsync(call.Bucket, call.Cancellation);
        if (!bucket.IsOk)
        {
            return bucket.Error.ToS3();
        }

        if (bucket.Value.Tags.Count == 0)
        {
            return S3Error.NoSuchTagSet;
        }

        using var xml = new XmlOutput();
        TagSet.Render(xml, bucket.Value.Tags);
        await xml.RespondAsync(call);
        return null;
    }
}
