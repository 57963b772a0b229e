using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Buckets;

namespace Cairn.Api.S3.Operations;

internal static class GetBucketLocation
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        ObjectResult<BucketDescription> bucket = await call.Store.GetBucketAsync(call.Bucket, call.Cancellation);
        if (!bucket.IsOk)
        {
            return bucket.Error.ToS3();
        }

        using var xml = new XmlOutput();
        xml.OpenResult("LocationConstraint"u8);
        // The oldest region has no name in this document.
        xml.Text(call.Options.Region == "us-east-1" ? "" : call.Options.Region);
        xml.Close("LocationConstraint"u8);
        await xml.RespondAsync(call);
        return null;
    }
}
