using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Objects;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Buckets;

namespace Cairn.Api.S3.Operations;

internal static class CreateBucket
{
    /// <summary>The region in which making one's own bucket again succeeds.</summary>
    private const string ClassicRegion = "us-east-1";

    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        if (!BucketName.IsValid(call.Bucket))
        {
            return S3Error.InvalidBucketName.With("BucketName", call.Bucket);
        }

        if (UnsupportedHeaders.CheckAcl(call) is { } aclError)
        {
            return aclError;
        }

        if (string.Equals(
            call.Header("x-amz-bucket-object-lock-enabled"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return S3Error.NotImplemented.Because("Object Lock is not implemented.");
        }

        ReadOnlyMemory<byte> document = await BufferedBody.ReadAsync(call, needsIntegrity: false);
        if (!document.IsEmpty && CheckLocation(call, document) is { } locationError)
        {
            return locationError;
        }

        ObjectResult<BucketDescription> result = await call.Store.CreateBucketAsync(call.Bucket, call.Cancellation);
        bool isAgain = result.Error == ObjectError.BucketAlreadyExists && call.Options.Region == ClassicRegion;
        if (!result.IsOk && !isAgain)
        {
            return result.Error.ToS3();
        }

        call.Response.Headers.Location = "/" + call.Bucket;
        call.Response.ContentLength = 0;
        return null;
    }

    private static S3Error? CheckLocation(S3Call call, ReadOnlyMemory<byte> document)
    {
        XmlElement configuration = XmlInput.Parse(document, "CreateBucketConfiguration");
        string? location = configuration.ChildText("LocationConstraint")?.Trim();
        return string.IsNullOrEmpty(location) || location == call.Options.Region
            ? null
            : S3Error.InvalidLocationConstraint.With("LocationConstraint", location);
    }
}
