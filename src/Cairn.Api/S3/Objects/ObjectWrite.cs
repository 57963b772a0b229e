using Cairn.Api.S3.Conditions;
using Cairn.Api.S3.Errors;
using Cairn.Objects.Layout;
using Cairn.Objects.Versions;

namespace Cairn.Api.S3.Objects;

/// <summary>What the headers of a put, a copy or a new upload say about the object to be.</summary>
internal static class ObjectWrite
{
    public static S3Error? TryParse(S3Call call, out PutRequest? request)
    {
        request = null;
        S3Error? error = UnsupportedHeaders.Check(call);
        if (error is not null)
        {
            return error;
        }

        if (StoredHeaders.TryCollect(call, out List<KeyValuePair<string, string>> metadata) is { } metadataError)
        {
            return metadataError;
        }

        string? tagging = call.Header("x-amz-tagging");
        if (TagSet.TryParseHeader(tagging, out IReadOnlyList<KeyValuePair<string, string>> tags) is { } tagError)
        {
            return tagError;
        }

        if (tags.Count > 0 && call.Authorize("s3:PutObjectTagging", call.Bucket, call.Key) is { } denied)
        {
            return denied;
        }

        if (WriteConditions.TryParse(call, out WriteCondition? condition) is { } conditionError)
        {
            return conditionError;
        }

        request = new PutRequest
        {
            Bucket = call.Bucket,
            Key = call.Key,
            Metadata = metadata,
            Tags = tags,
            StorageClass = call.Header("x-amz-storage-class") is { Length: > 0 } storageClass
                ? storageClass
                : StorageClasses.Standard,
            Condition = condition,
        };
        return request.StorageClass is StorageClasses.Standard or StorageClasses.ReducedRedundancy
            ? null
            : S3Error.InvalidStorageClass;
    }
}
