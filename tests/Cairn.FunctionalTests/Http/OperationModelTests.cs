using System.Reflection;
using Amazon.S3;
using Cairn.Api.S3.Routing;
using Xunit;

namespace Cairn.FunctionalTests.Http;

/// <summary>
/// Method: AWS's client is the model: each of its operations must have a row. An operation that is new in the client
/// fails here until the table knows it.
/// </summary>
public sealed class OperationModelTests
{
    /// <summary>
    /// The client's names for what the model calls otherwise; null: made of other operations, or on another host.
    /// </summary>
    private static readonly Dictionary<string, string?> OtherNames = new()
    {
        ["CopyPart"] = "UploadPartCopy",
        ["DeleteCORSConfiguration"] = "DeleteBucketCors",
        ["DeleteLifecycleConfiguration"] = "DeleteBucketLifecycle",
        ["GetACL"] = "GetObjectAcl",
        ["GetBucketNotification"] = "GetBucketNotificationConfiguration",
        ["GetCORSConfiguration"] = "GetBucketCors",
        ["GetLifecycleConfiguration"] = "GetBucketLifecycleConfiguration",
        ["GetObjectMetadata"] = "HeadObject",
        ["GetPreSignedURL"] = null,
        ["InitiateMultipartUpload"] = "CreateMultipartUpload",
        ["ListVersions"] = "ListObjectVersions",
        ["PutACL"] = "PutObjectAcl",
        ["PutBucket"] = "CreateBucket",
        ["PutBucketNotification"] = "PutBucketNotificationConfiguration",
        ["PutCORSConfiguration"] = "PutBucketCors",
        ["PutLifecycleConfiguration"] = "PutBucketLifecycleConfiguration",
        ["CreatePresignedPost"] = null,
    };

    [Fact]
    public void Every_operation_of_the_aws_client_has_a_row()
    {
        HashSet<string> rows = [.. OperationTable.Rows.Select(row => row.Name)];
        string[] missing =
        [
            .. typeof(IAmazonS3).GetMethods(BindingFlags.Public | BindingFlags.Instance)
                .Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal))
                .Select(method => method.Name[..^"Async".Length])
                .Distinct()
                .Where(name => OtherNames.TryGetValue(name, out string? other)
                    ? other is not null && !rows.Contains(other)
                    : !rows.Contains(name)),
        ];
        Assert.Empty(missing);
    }
}
