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
        IReadOnlyList<KeyValuePair<string, string>> tags = [];
        if (!document.IsEmpty && ReadConfiguration(call, document, out tags) is { } error)
        {
            return error;
        }

        ObjectResult<BucketDescription> result = await call.Store.CreateBucketAsync(call.Bucket, call.Cancellation);
        bool isAgain = result.Error == ObjectError.BucketAlreadyExists && call.Options.Region == ClassicRegion;
        if (!result.IsOk && !isAgain)
        {
            return result.Error.ToS3();
        }

        // Not in one step with the bucket: whoever loses the answer makes it again, and the tags with it.
        if (tags.Count > 0)
        {
            result = await call.Store.UpdateBucketAsync(
                call.Bucket, bucket => bucket with { Tags = tags }, call.Cancellation);
            if (!result.IsOk)
            {
                return result.Error.ToS3();
            }
        }

        call.Response.Headers.Location = "/" + call.Bucket;
        call.Response.ContentLength = 0;
        return null;
    }

    private static S3Error? ReadConfiguration(
        S3Call call, ReadOnlyMemory<byte> document, out IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        XmlElement configuration = XmlInput.Parse(document, "CreateBucketConfiguration");
        tags = configuration.Child("Tags") is { } set ? TagSet.Parse(set, TagSet.MaxOfBucket) : [];
        if (tags.Count > 0 && call.Authorize("s3:PutBucketTagging", call.Bucket, "") is { } denied)
        {
            return denied;
        }

        string? location = configuration.ChildText("LocationConstraint")?.Trim();
        return string.IsNullOrEmpty(location) || location == call.Options.Region
            ? null
            : S3Error.InvalidLocationConstraint.With("LocationConstraint", location);
    }
}
