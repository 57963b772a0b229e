using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Buckets;

namespace Cairn.Api.S3.Operations;

internal static class PutBucketVersioning
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        ReadOnlyMemory<byte> document = await BufferedBody.ReadAsync(call, needsIntegrity: false);
        XmlElement configuration = XmlInput.Parse(document, "VersioningConfiguration");
        if (configuration.ChildText("MfaDelete")?.Trim() == "Enabled")
        {
            return S3Error.NotImplemented.Because("MFA delete is not implemented.");
        }

        BucketVersioning? versioning = configuration.ChildText("Status")?.Trim() switch
        {
            "Enabled" => BucketVersioning.Enabled,
            "Suspended" => BucketVersioning.Suspended,
            _ => null,
        };
        if (versioning is not { } wanted)
        {
            return S3Error.IllegalVersioningConfiguration;
        }

        ObjectResult<BucketDescription> result = await call.Store.UpdateBucketAsync(
            call.Bucket, bucket => bucket with { Versioning = wanted }, call.Cancellation);
        call.Response.ContentLength = result.IsOk ? 0 : null;
        return result.IsOk ? null : result.Error.ToS3();
    }
}
