using Cairn.Api.S3.Routing;
using Xunit;

namespace Cairn.UnitTests.Api.Routing;

/// <summary>Method: the table itself, and requests that must select exactly one of its rows, or none.</summary>
public sealed class OperationTableTests
{
    [Fact]
    public void Every_row_has_an_action_and_a_name_of_its_own()
    {
        Assert.All(OperationTable.Rows, row => Assert.Contains(':', row.Action));
        Assert.Equal(OperationTable.Rows.Length, OperationTable.Rows.Select(row => row.Name).Distinct().Count());
    }

    [Fact]
    public void No_two_rows_can_be_meant_by_the_same_request() => Assert.Equal(
        OperationTable.Rows.Length,
        OperationTable.Rows.Select(row => (row.Method, row.Level, row.SubResource, row.Distinction)).Distinct().Count());

    // An operation of issue 2, part 6, that loses its handler must not go unnoticed.
    [Fact]
    public void Operations_that_are_built_are_these() => Assert.Equal(
        [
            "AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateBucket", "CreateMultipartUpload",
            "DeleteBucket", "DeleteBucketTagging", "DeleteObject", "DeleteObjectTagging", "DeleteObjects", "GetBucketAcl",
            "GetBucketLocation", "GetBucketTagging", "GetBucketVersioning", "GetObject", "GetObjectAcl",
            "GetObjectAttributes", "GetObjectTagging", "HeadBucket", "HeadObject", "ListBuckets", "ListMultipartUploads",
            "ListObjectVersions", "ListObjects", "ListObjectsV2", "ListParts", "PutBucketAcl", "PutBucketTagging",
            "PutBucketVersioning", "PutObject", "PutObjectAcl", "PutObjectTagging", "UploadPart", "UploadPartCopy",
        ],
        OperationTable.Rows.Where(row => row.Handler is not null).Select(row => row.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("GET", ResourceLevel.Service, "", "ListBuckets")]
    [InlineData("GET", ResourceLevel.Service, "x-id=ListBuckets", "ListBuckets")]
    [InlineData("GET", ResourceLevel.Bucket, "", "ListObjects")]
    [InlineData("GET", ResourceLevel.Bucket, "prefix=&delimiter=&marker=&max-keys=", "ListObjects")]
    [InlineData("GET", ResourceLevel.Bucket, "list-type=1", "ListObjects")]
    [InlineData("GET", ResourceLevel.Bucket, "list-type=2&start-after=", "ListObjectsV2")]
    [InlineData("GET", ResourceLevel.Bucket, "location", "GetBucketLocation")]
    [InlineData("GET", ResourceLevel.Bucket, "location=", "GetBucketLocation")]
    [InlineData("GET", ResourceLevel.Bucket, "inventory", "ListBucketInventoryConfigurations")]
    [InlineData("GET", ResourceLevel.Bucket, "inventory&id=1", "GetBucketInventoryConfiguration")]
    [InlineData("POST", ResourceLevel.Bucket, "delete=", "DeleteObjects")]
    [InlineData("POST", ResourceLevel.Bucket, "", "PostObject")]
    [InlineData("PUT", ResourceLevel.Object, "", "PutObject")]
    [InlineData("PUT", ResourceLevel.Object, "unheard=of", "PutObject")]
    [InlineData("PUT", ResourceLevel.Object, "uploadId=1&partNumber=1", "UploadPart")]
    [InlineData("POST", ResourceLevel.Object, "uploads", "CreateMultipartUpload")]
    [InlineData("POST", ResourceLevel.Object, "uploads=", "CreateMultipartUpload")]
    [InlineData("POST", ResourceLevel.Object, "uploadId=1", "CompleteMultipartUpload")]
    [InlineData("POST", ResourceLevel.Object, "select&select-type=2", "SelectObjectContent")]
    [InlineData("GET", ResourceLevel.Object, "versionId=", "GetObject")]
    [InlineData("GET", ResourceLevel.Object, "response-content-type=", "GetObject")]
    [InlineData("GET", ResourceLevel.Object, "X-Amz-Security-Token=", "GetObject")]
    [InlineData("GET", ResourceLevel.Object, "tagging&versionId=1", "GetObjectTagging")]
    [InlineData("GET", ResourceLevel.Object, "annotation&annotationName=a", "GetObjectAnnotation")]
    public void Request_selects_its_operation(string method, object level, string query, string name)
    {
        OperationMatch match = Match(method, level, query, hasCopySource: false);
        Assert.Equal((OperationMatchKind.Found, name), (match.Kind, match.Row?.Name));
    }

    [Theory]
    [InlineData("PUT", "", "CopyObject")]
    [InlineData("PUT", "uploadId=1&partNumber=1", "UploadPartCopy")]
    [InlineData("GET", "", "GetObject")]
    [InlineData("PUT", "tagging", "PutObjectTagging")]
    public void Copy_source_matters_where_copies_are_made(string method, string query, string name) =>
        Assert.Equal(name, Match(method, ResourceLevel.Object, query, hasCopySource: true).Row?.Name);

    // C2 36.
    [Theory]
    [InlineData("PUT", ResourceLevel.Object, "publicAccessBlock")]
    [InlineData("PUT", ResourceLevel.Object, "policy=1")]
    [InlineData("PUT", ResourceLevel.Object, "newThing")]
    [InlineData("GET", ResourceLevel.Bucket, "newThing")]
    [InlineData("DELETE", ResourceLevel.Bucket, "retention")]
    [InlineData("GET", ResourceLevel.Service, "acl")]
    public void Unknown_sub_resource_selects_nothing(string method, object level, string query) =>
        Assert.Equal(OperationMatchKind.UnknownSubResource, Match(method, level, query, hasCopySource: false).Kind);

    // C2 38.
    [Theory]
    [InlineData("DELETE", ResourceLevel.Service, "")]
    [InlineData("PATCH", ResourceLevel.Object, "")]
    [InlineData("POST", ResourceLevel.Object, "")]
    [InlineData("POST", ResourceLevel.Bucket, "acl")]
    [InlineData("get", ResourceLevel.Bucket, "")]
    public void Wrong_method_selects_nothing(string method, object level, string query) =>
        Assert.Equal(OperationMatchKind.WrongMethod, Match(method, level, query, hasCopySource: false).Kind);

    [Fact]
    public void Two_sub_resources_conflict()
    {
        Assert.Equal(
            OperationMatchKind.Conflicting, Match("GET", ResourceLevel.Object, "acl&tagging", hasCopySource: false).Kind);
        Assert.Equal(
            OperationMatchKind.Found, Match("GET", ResourceLevel.Object, "acl&acl", hasCopySource: false).Kind);
    }

    private static OperationMatch Match(string method, object level, string query, bool hasCopySource)
    {
        Assert.True(S3Query.TryParse(query, out S3Query parsed));
        return OperationTable.Match(method, (ResourceLevel)level, parsed, hasCopySource);
    }
}
