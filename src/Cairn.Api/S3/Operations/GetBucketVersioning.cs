using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Buckets;

namespace Cairn.Api.S3.Operations;

internal static class GetBucketVersioning
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        ObjectResult<BucketDescription> bucket = await call.Store.GetBucketAsync(call.Bucket, call.Cancellation);
        if (!bucket.IsOk)
        {
            return bucket.Error.ToS3();
        }

        using var xml = new XmlOutput();
        xml.OpenResult("VersioningConfiguration"u8);
        if (bucket.Value.Versioning != BucketVersioning.Off)
        {
            xml.Element("Status"u8, bucket.Value.Versioning == BucketVersioning.Enabled ? "Enabled" : "Suspended");
        }

        xml.Close("VersioningConfiguration"u8);
        await xml.RespondAsync(call);
        return null;
    }
}
